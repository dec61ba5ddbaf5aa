import { need, type StageContext } from '../context.ts';
import type { Progress } from '../progress.ts';
import { GuestWatch, setProvisioning } from '../watch.ts';
import { startMachine } from './start.ts';

/** Of Linux' input-event-codes. */
const KEY_ENTER = 28;
const PRESS_MS = 1000;
/** The firmware of an emulated machine takes long to get to the CD-ROM. */
const PRESSES = { kvm: 60, tcg: 300 };
/** Setup has not made its partitions yet. */
const EMPTY_DISK_BYTES = 32 * 1024 ** 2;

/**
 * Windows Setup restarts the machine several times and never ends it. It is over when the installed system speaks.
 * The empty disk is before the CD-ROM in the boot order, so the installer is started once and never again.
 */
export async function installWindows(ctx: StageContext, progress: Progress): Promise<void> {
  const { hypervisor } = ctx.deps;
  const uuid = ctx.identity.domainUuid;
  const asked = await startsNow(ctx, progress);
  const pressing = new AbortController();
  const signal = AbortSignal.any([pressing.signal, progress.signal]);
  const pressed = asked ? pressKeys(ctx, progress, signal) : Promise.resolve();
  try {
    await new GuestWatch(ctx, progress, 'installing').run();
  } finally {
    pressing.abort();
    await pressed;
  }
  progress.log('Windows is installed');
  const domain = await progress.ask((inner) => hypervisor.findDomain({ uuid }, { signal: inner }));
  if (domain?.power === 'off') await startMachine(ctx, progress);
  setProvisioning(ctx, 'first-boot');
  progress.report(1);
}

/**
 * Whether the medium is about to ask for a key. A machine that was taken over may have waited for one in vain: as long
 * as nothing is on its disk it is started anew.
 */
async function startsNow(ctx: StageContext, progress: Progress): Promise<boolean> {
  if (!ctx.adopted) return true;
  const { hypervisor } = ctx.deps;
  const { pool, disk } = need(ctx.spec, 'specification');
  const uuid = ctx.identity.domainUuid;
  const [domain, volume] = await progress.ask((signal) =>
    Promise.all([
      hypervisor.findDomain({ uuid }, { signal }),
      hypervisor.findVolume(pool, disk?.volume ?? '', { signal }),
    ]),
  );
  const empty = volume !== null && volume.allocationBytes < EMPTY_DISK_BYTES;
  if (!empty || domain?.power !== 'running') return false;
  await progress.act(() => hypervisor.destroyDomain(uuid));
  await startMachine(ctx, progress);
  progress.log('Nothing was on the disk yet: the installer is started anew');
  return true;
}

/** “Press any key to boot from CD or DVD” stands for five seconds, and nobody knows which. Enter also goes on in menus. */
async function pressKeys(
  ctx: StageContext,
  progress: Progress,
  signal: AbortSignal,
): Promise<void> {
  const { hypervisor, clock } = ctx.deps;
  const { accelerator } = need(ctx.spec, 'specification');
  const uuid = ctx.identity.domainUuid;
  try {
    for (let left = PRESSES[accelerator]; left > 0; left--) {
      await hypervisor.sendKeys(uuid, [KEY_ENTER], { signal });
      await clock.sleep(PRESS_MS, signal);
    }
  } catch (error) {
    if (!signal.aborted) progress.log(`No key could be pressed: ${String(error)}`, 'warn');
  }
}
