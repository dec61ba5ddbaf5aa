import { formatBytes } from '../domain/resources.ts';
import type { Reservation } from '../ports/repositories.ts';
import { byPriority, type Ticket, type Wait } from './admission.ts';
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
    const claims = ctx.deps.store.reservations.list();
    const queue = readQueue(ctx, claims);
    // Most wait for a slot, which needs no look at the host.
    const wait = waitForTurn(ctx, queue, claims);
    if (wait !== null) return wait;
    await lookAtHost(ctx);
    const verdict = decide(ctx, queue, workingIds(claims));
    if (verdict.kind === 'admitted') return null;
    if (verdict.kind === 'wait') return verdict.wait;
  }
}

type Verdict = { kind: 'admitted' } | { kind: 'again' } | { kind: 'wait'; wait: Wait };

function decide(ctx: StageContext, queue: Queue, workingBefore: ReadonlySet<string>): Verdict {
  const { deps, identity } = ctx;
  const verdicts: Verdict[] = [];
  const admitted = deps.store.reservations.admit(identity.creationId, (others) => {
    // Whoever was at work before the look and is not now may run without having been seen.
    const working = workingIds(others);
    const claims = deps.store.reservations.list();
    const wait = waitForTurn(ctx, queue, claims) ?? waitForMemory(ctx, others);
    const anew =
      [...workingBefore].some((id) => !working.has(id)) ||
      claims.some(({ creationId }) => !queue.known.has(creationId));
    if (anew) verdicts.push({ kind: 'again' });
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

/** What does not change while we look at the host, read once: reading all that is open takes longest. */
interface Queue {
  /** Of living processes, in the order in which they are served. */
  living: readonly Ticket[];
  /** Whoever has a claim and is not among them came since, and may be before us. */
  known: ReadonlySet<string>;
}

function readQueue(
  { deps: { store, system } }: StageContext,
  claims: readonly Reservation[],
): Queue {
  const living = store.creations
    .open()
    .filter(({ owner }) => system.isAlive(owner))
    .map(({ creation: { id, input } }) => ({ creationId: id, priority: input.priority }))
    .sort(byPriority);
  const ids = [...living, ...claims].map(({ creationId }) => creationId);
  return { living, known: new Set(ids) };
}

function waitForTurn(
  { deps, identity }: StageContext,
  { living }: Queue,
  claims: readonly Reservation[],
): Wait | null {
  const states = new Map(claims.map(({ creationId, state }) => [creationId, state]));
  const having = (wanted: Reservation['state']) =>
    living.filter(({ creationId }) => states.get(creationId) === wanted);
  const ahead = having('waiting').findIndex(({ creationId }) => creationId === identity.creationId);
  if (having('working').length < deps.config.slots && ahead <= 0) return null;
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
