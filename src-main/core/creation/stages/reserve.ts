import { BerthError } from '../../errors.ts';
import type { Stage } from '../context.ts';
import { undoFromJournal } from './undo.ts';

/** The claim itself is made before the creation is queued; this proves that it still stands. */
export const reserveStage: Stage = {
  name: 'reserve',
  stale: ({ deps, identity }) => deps.store.machines.get(identity.machineId) === null,
  run({ deps, identity }) {
    if (deps.store.machines.get(identity.machineId) !== null) return;
    throw new BerthError('reservation_lost', 'The claim on the name and the resources is gone.', {
      hint: 'Try again.',
      retryable: true,
    });
  },
  undo: undoFromJournal,
};
