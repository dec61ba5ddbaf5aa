import { BerthError } from '../../errors.ts';
import { effect, need, type Stage, type StageContext } from '../context.ts';
import { ensureFilter, filterFailed, machineFilters, type WantedFilter } from '../filters.ts';
import type { Progress } from '../progress.ts';
import { undoFromJournal } from './undo.ts';

/** The facts of `validate` are fresh, so the network is not asked for again. The filters come before the first packet. */
export const networkStage: Stage = {
  name: 'network',
  async run(ctx, progress) {
    checkActive(ctx, progress);
    const { nic, network } = need(ctx.spec, 'specification');
    const wanted = machineFilters(
      ctx.deps,
      ctx.identity.machineId,
      need(ctx.wish, 'template').input,
    );
    const name = wanted.at(-1)?.name ?? null;
    if (network.kind === 'none' || (name === null && nic.filter === null)) return;
    // The policy has changed since the template was resolved.
    if (name !== nic.filter) throw filterFailed(name ?? 'none', 'The policy has just changed.');
    for (const filter of wanted) await ensure(ctx, progress, filter);
  },
  undo: undoFromJournal,
};

async function ensure(ctx: StageContext, progress: Progress, filter: WantedFilter): Promise<void> {
  const { name, uuid, owner } = filter;
  const what = { kind: 'nwfilter', name, uuid, owner } as const;
  const known = await progress.act(() =>
    ensureFilter(ctx.deps, filter, {
      create: (call) => effect(ctx, progress, 'network', what, call),
    }),
  );
  progress.log(`Filter ${name} ${known ? 'is in force' : 'defined'} and verified`);
}

function checkActive(ctx: StageContext, progress: Progress): void {
  const { network } = need(ctx.spec, 'specification');
  if (network.kind === 'bridge') progress.log(`Bridge “${network.name}”`);
  if (network.kind === 'user') progress.log('User-mode networking');
  if (network.kind === 'none') progress.log('No network');
  if (network.kind !== 'network') return;
  const { networks } = need(ctx.facts, 'facts');
  if (networks.some(({ name, active }) => active && name === network.name)) {
    progress.log(`Network “${network.name}”`);
    return;
  }
  throw new BerthError('network_inactive', `The network “${network.name}” is not active.`, {
    retryable: true,
    fix: {
      action: 'start-network',
      label: `Start the network “${network.name}”`,
      network: network.name,
    },
  });
}
