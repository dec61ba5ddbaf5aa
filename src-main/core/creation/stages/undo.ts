import type { Stage } from '../context.ts';
import { undoEffect } from '../effects.ts';

/** What all stages share: the journal names the effect, and that is enough to undo it. */
export const undoFromJournal: Stage['undo'] = (entry, { deps, signal }) =>
  undoEffect(entry.effect, deps, { signal, creationId: entry.creationId });
