import { need, type Stage } from '../context.ts';
import { noteFailedTasks } from '../guest-tasks.ts';
import { GuestWatch } from '../watch.ts';
import { undoFromJournal } from './undo.ts';

/** A machine that reports nothing counts as ready when it runs. */
export const firstBootStage: Stage = {
  name: 'first-boot',
  async run(ctx, progress) {
    if (need(ctx.spec, 'specification').readiness === 'none') return;
    if (!ctx.finished) await new GuestWatch(ctx, progress).run();
    noteFailedTasks(ctx);
    progress.report(1);
  },
  undo: undoFromJournal,
};
