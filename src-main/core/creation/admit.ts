import { formatBytes } from '../domain/resources.ts';
import type { CreationRow, Reservation } from '../ports/repositories.ts';
import type { Wait } from './admission.ts';
import { unclaimedMemory } from './checks/compute.ts';
import { need, type StageContext } from './context.ts';
import { factsFor, gatherFacts } from './facts.ts';
import { FACTS_LIMIT } from './prepare.ts';
import { isFresh } from './stages/validate.ts';
import { within } from './timing.ts';

/**
 * Takes a slot and the memory in one transaction with everybody else's claims, those of other processes
 * included; else says what is missing. Rejects when the host cannot be asked.
 */
export async function admit(ctx: StageContext): Promise<Wait | null> {
  for (;;) {
    // Most wait for a slot, which needs no look at the host.
    const wait = waitForTurn(ctx);
    if (wait !== null) return wait;
    const working = workingIds(ctx.deps.store.reservations.list());
    await lookAtHost(ctx);
    const verdict = decide(ctx, working);
    if (verdict.kind === 'admitted') return null;
    if (verdict.kind === 'wait') return verdict.wait;
  }
}

type Verdict = { kind: 'admitted' } | { kind: 'again' } | { kind: 'wait'; wait: Wait };

function decide(ctx: StageContext, workingBefore: ReadonlySet<string>): Verdict {
  const { deps, identity } = ctx;
  const verdicts: Verdict[] = [];
  const admitted = deps.store.reservations.admit(identity.creationId, (others) => {
    // Whoever was at work before the look and is not now may run without having been seen.
    const working = workingIds(others);
    const wait = waitForTurn(ctx) ?? waitForMemory(ctx, others);
    if ([...workingBefore].some((id) => !working.has(id))) verdicts.push({ kind: 'again' });
    else if (wait !== null) verdicts.push({ kind: 'wait', wait });
    return verdicts.length === 0;
  });
  if (admitted) return { kind: 'admitted' };
  return verdicts[0] ?? { kind: 'wait', wait: { ahead: 0, reason: 'Its claim is gone' } };
}

function workingIds(reservations: readonly Reservation[]): Set<string> {
  const working = reservations.filter(({ state }) => state === 'working');
  return new Set(working.map(({ creationId }) => creationId));
}

/** Everything anew after a wait; else only what has changed most likely. */
async function lookAtHost(ctx: StageContext): Promise<void> {
  const { deps, shared } = ctx;
  const scope = factsFor(need(ctx.wish, 'template'));
  const fresh = isFresh(ctx) ? ctx.facts : null;
  ctx.facts = await within(deps.clock, FACTS_LIMIT, async (signal) =>
    fresh === null
      ? gatherFacts(deps, { ...scope, signal, kvmFailure: shared.kvmFailure })
      : { ...fresh, domains: await deps.hypervisor.listDomains({ signal }) },
  );
  ctx.factsChecked &&= fresh !== null;
}

function waitForTurn({ deps, identity }: StageContext): Wait | null {
  const { store, system, config } = deps;
  const living = store.creations.open().filter(({ owner }) => system.isAlive(owner));
  const states = new Map(store.reservations.list().map((one) => [one.creationId, one.state]));
  const having = (state: Reservation['state']) => (row: CreationRow) =>
    states.get(row.creation.id) === state;
  const busy = living.filter(having('working')).length;
  const waiting = living.filter(having('waiting')).map(({ creation }) => creation);
  waiting.sort((a, b) => b.input.priority - a.input.priority);
  const ahead = waiting.findIndex(({ id }) => id === identity.creationId);
  if (busy < config.slots && ahead <= 0) return null;
  return { ahead: Math.max(ahead, 0), reason: 'Waiting for a creation that is under way' };
}

function waitForMemory(ctx: StageContext, others: Reservation[]): Wait | null {
  const { memoryBytes } = need(ctx.wish, 'template');
  const facts = need(ctx.facts, 'facts');
  const left = Math.max(unclaimedMemory(facts, { reservations: others }), 0);
  if (memoryBytes <= left) return null;
  const reason = `Waiting for ${formatBytes(memoryBytes)} of memory; ${formatBytes(left)} can be had now`;
  return { ahead: 0, reason };
}
