import type { Plan } from '../../../src-contract/model/plan.ts';
import { diskNeed } from '../domain/resources.ts';
import type { Reservation } from '../ports/repositories.ts';
import type { CheckInput } from './checks/check-input.ts';

/** What the last of `count` machines finds once the others have claimed and begun to use their share. */
export function besideOthers(input: CheckInput): CheckInput {
  const { wish, claims, count } = input;
  const other = (_: unknown, index: number): Reservation => ({
    creationId: `planned-${index}`,
    machineId: `planned-${index}`,
    state: 'working',
    memoryBytes: wish.memoryBytes,
    vcpus: wish.vcpus,
    diskBytes: diskNeed(wish).worst,
    pool: '',
  });
  const others = Array.from({ length: count - 1 }, other);
  return { ...input, claims: { ...claims, reservations: [...claims.reservations, ...others] } };
}

/** The receipt of one of several equal machines as that of them all; `resources` and what follows stays one's. */
export function timesMany(plan: Plan, names: readonly string[], slots: number): Plan {
  const count = names.length;
  const { disk, memory, estimate } = plan;
  return {
    ...plan,
    names: [...names],
    disk: { ...disk, now: disk.now * count, worst: disk.worst * count },
    memory: { ...memory, needed: memory.needed * count },
    estimate: { ...estimate, seconds: estimate.seconds * Math.ceil(count / slots) },
  };
}
