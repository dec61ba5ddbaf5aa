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
  const { deps, identity } = ctx;
  // Most wait for a slot, which needs no look at the host.
  const wait = waitForTurn(ctx);
  if (wait !== null) return wait;
  // What was seen before the wait does not know the machines that were started since.
  const waited = ctx.record.value.waitingFor !== null;
  if (waited || !isFresh(ctx)) await lookAtHost(ctx);
  let reason: Wait | null = { ahead: 0, reason: 'Its claim is gone' };
  deps.store.reservations.admit(identity.creationId, (others) => {
    reason = waitForTurn(ctx) ?? waitForMemory(ctx, others);
    return reason === null;
  });
  return reason;
}

async function lookAtHost(ctx: StageContext): Promise<void> {
  const { deps, shared } = ctx;
  const scope = factsFor(need(ctx.wish, 'template'));
  ctx.facts = await within(deps.clock, FACTS_LIMIT, (signal) =>
    gatherFacts(deps, { ...scope, signal, kvmFailure: shared.kvmFailure }),
  );
  ctx.factsChecked = false;
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
