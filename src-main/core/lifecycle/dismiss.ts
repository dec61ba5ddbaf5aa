import type { CreationService } from '../creation/index.ts';
import { BerthError } from '../errors.ts';
import type { Store } from '../ports/repositories.ts';

interface DismissDeps {
  store: Pick<Store, 'machines'>;
  creations: Pick<CreationService, 'dismiss'>;
}

/**
 * Removes the record of an ended creation. That of a living machine stays, since it says what its disk rests on:
 * rejects with `creation_has_machine`.
 */
export function dismissCreation({ store, creations }: DismissDeps, creationId: string): void {
  const machine = store.machines.list().find((record) => record.creationId === creationId);
  if (machine !== undefined) {
    throw new BerthError('creation_has_machine', `${machine.name} was made by this creation.`, {
      hint: 'Its record goes with the machine.',
    });
  }
  creations.dismiss(creationId);
}
