import { DRIVERS_TARGET, INSTALLER_TARGET, SEED_TARGET } from '../../domain/domain-xml-disks.ts';
import type { MachineVolume } from '../../ports/repositories.ts';
import { need, type Stage, type StageContext } from '../context.ts';
import { undoEffect } from '../effects.ts';
import type { Progress } from '../progress.ts';
import { setProvisioning } from '../watch.ts';
import { undoFromJournal } from './undo.ts';

export const readyStage: Stage = {
  name: 'ready',
  async run(ctx, progress) {
    const { readiness, disk, installer, virtioDrivers } = need(ctx.spec, 'specification');
    const blank = readiness === 'none' && disk !== null && disk.backing === null;
    setProvisioning(ctx, blank ? 'none' : 'ready');
    if (installer?.boot === 'answered') {
      const { hypervisor } = ctx.deps;
      const eject = (target: string) =>
        progress.act(() => hypervisor.ejectMedium(ctx.identity.domainUuid, target));
      await eject(INSTALLER_TARGET);
      if (virtioDrivers !== null) await eject(DRIVERS_TARGET);
    }
    // Without a report nobody knows whether the guest has read its seed.
    if (readiness === 'progress') await destroySeed(ctx, progress);
    ctx.deps.store.creations.clearSecret(ctx.identity.creationId);
    ctx.record.patch({ hasSecret: false });
  },
  undo: undoFromJournal,
};

/** The medium holds a password hash: it goes as soon as it has served. */
export async function destroySeed(ctx: StageContext, progress: Progress): Promise<void> {
  const spec = need(ctx.spec, 'specification');
  const { deps, identity } = ctx;
  const { seedVolume: name } = spec;
  if (name === null) return;
  await progress.act(() => deps.hypervisor.ejectMedium(identity.domainUuid, SEED_TARGET));
  await destroyVolume(ctx, progress, { name, role: 'seed' });
}

/** Removes a volume that has served, and its entry in the journal with it. Does nothing when it is gone. */
export async function destroyVolume(
  ctx: StageContext,
  progress: Progress,
  { name, role }: Pick<MachineVolume, 'name' | 'role'>,
): Promise<void> {
  const { deps, identity } = ctx;
  const { pool } = need(ctx.spec, 'specification');
  const effect = { kind: 'volume', pool, name, role } as const;
  await progress.act(() => undoEffect(effect, deps));
  deps.store.machines.removeVolume(identity.machineId, pool, name);
  const { journal } = deps.store;
  for (const entry of journal.entries(identity.creationId)) {
    if (entry.effect.kind === 'volume' && entry.effect.name === name) {
      journal.mark(entry.id, 'undone');
    }
  }
  progress.log(`Volume ${name} (${role}) destroyed`);
}
