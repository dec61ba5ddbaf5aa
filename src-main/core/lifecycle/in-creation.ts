import { TERMINAL_CREATION_STATES } from '../../../src-contract/model/creation.ts';
import { BerthError } from '../errors.ts';
import type { MachineRecord, Store } from '../ports/repositories.ts';

type Creations = Pick<Store, 'creations'>;

/** Throws `machine_in_creation` while a machine does not run for the first time yet. */
export function refuseInCreation(
  { creations }: Creations,
  machine: { name: string; creationId: string | null },
): void {
  if (machine.creationId === null) return;
  const state = creations.get(machine.creationId)?.creation.state;
  if (state === undefined || state === 'provisioning') return;
  if (!TERMINAL_CREATION_STATES.includes(state)) throw inCreation(machine.name);
}

/** As above, and until its system is installed. */
export function refuseUnsettled({ creations }: Creations, machine: MachineRecord): void {
  const state = creations.get(machine.creationId)?.creation.state;
  if (state !== undefined && !TERMINAL_CREATION_STATES.includes(state)) {
    throw inCreation(machine.name);
  }
}

function inCreation(name: string): BerthError {
  return new BerthError('machine_in_creation', `${name} is still being created.`, {
    hint: 'Wait until it is ready, or cancel its creation.',
    retryable: true,
  });
}
