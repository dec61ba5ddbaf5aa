import { INSTALLER_TARGET } from '../../domain/domain-xml-disks.ts';
import { bootsKernel, installedXml } from '../../domain/installed-xml.ts';
import { need, type Stage, type StageContext } from '../context.ts';
import type { Progress } from '../progress.ts';
import { GuestWatch, setProvisioning } from '../watch.ts';
import { installWindows } from './install-windows.ts';
import { destroySeed, destroyVolume } from './ready.ts';
import { startMachine } from './start.ts';
import { undoFromJournal } from './undo.ts';

/**
 * Watches an installer that Berth started, until it has switched the machine off. From then on the machine starts from
 * its disk. Each step looks first, so that it can be gone on with after a crash.
 */
export const installStage: Stage = {
  name: 'install',
  async run(ctx, progress) {
    const { installer, readiness } = need(ctx.spec, 'specification');
    if (readiness !== 'progress') return;
    if (installer?.boot === 'answered') return installWindows(ctx, progress);
    if (installer?.boot !== 'kernel') return;
    const { deps, identity } = ctx;
    const uuid = identity.domainUuid;
    const xml = await progress.ask((signal) =>
      deps.hypervisor.domainXml(uuid, { inactive: true, secure: true, signal }),
    );
    if (bootsKernel(xml)) {
      await new GuestWatch(ctx, progress, 'installing').run();
      await progress.act(() => deps.hypervisor.defineDomain(installedXml(xml)));
      progress.log('The system is installed: the machine starts from its disk from now on');
    }
    await removeInstaller(ctx, progress);
    const domain = await progress.ask((signal) => deps.hypervisor.findDomain({ uuid }, { signal }));
    if (domain?.power === 'off') await startMachine(ctx, progress);
    setProvisioning(ctx, 'first-boot');
    progress.report(1);
  },
  undo: undoFromJournal,
};

/** The answers hold a password hash; they go, wherever they were, with the kernel that read them. */
async function removeInstaller(ctx: StageContext, progress: Progress): Promise<void> {
  const { directBoot } = need(ctx.spec, 'specification');
  const { hypervisor } = ctx.deps;
  await progress.act(() => hypervisor.ejectMedium(ctx.identity.domainUuid, INSTALLER_TARGET));
  await destroySeed(ctx, progress);
  if (directBoot === null) return;
  await destroyVolume(ctx, progress, { name: directBoot.kernelVolume, role: 'kernel' });
  await destroyVolume(ctx, progress, { name: directBoot.initrdVolume, role: 'initrd' });
}
