import { checkInputOf } from '../claims.ts';
import { need, type Stage, type StageContext } from '../context.ts';
import { gatherFacts } from '../facts.ts';
import { acceptedNotes, checkHost, throwFirstError } from '../preflight.ts';
import { undoFromJournal } from './undo.ts';

/** A creation that waited longer in the queue looks at the host again. */
const FACTS_VALID_MS = 2000;

function isFresh({ facts, deps }: StageContext): boolean {
  return facts !== null && deps.clock.monotonic() - facts.at < FACTS_VALID_MS;
}

export const validateStage: Stage = {
  name: 'validate',
  stale: (ctx) => !isFresh(ctx),
  async run(ctx, progress) {
    const wish = need(ctx.wish, 'template');
    const tryout = wish.template.source.kind === 'tryout';
    const { kvmFailure } = ctx.shared;
    ctx.facts = await progress.ask((signal) =>
      gatherFacts(ctx.deps, { tryout, signal, kvmFailure }),
    );
    const findings = checkHost(
      checkInputOf(ctx.deps, {
        wish,
        user: ctx.user,
        hasPassword: ctx.passwordHash !== null,
        facts: ctx.facts,
        creationId: ctx.identity.creationId,
      }),
    );
    throwFirstError(findings, 'validate');
    ctx.record.patch({ notes: acceptedNotes(findings) });
    progress.log(`The host passed the checks with ${findings.length} notes`);
  },
  undo: undoFromJournal,
};
