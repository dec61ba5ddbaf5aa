import { checkInputOf } from '../claims.ts';
import { need, type Stage, type StageContext } from '../context.ts';
import { factsFor, gatherFacts } from '../facts.ts';
import { acceptedNotes, checkHost, throwFirstError } from '../preflight.ts';
import { undoFromJournal } from './undo.ts';

/** A creation that waited longer in the queue looks at the host again. */
const FACTS_VALID_MS = 2000;

export function isFresh({ facts, deps }: StageContext): boolean {
  return facts !== null && deps.clock.monotonic() - facts.at < FACTS_VALID_MS;
}

export const validateStage: Stage = {
  name: 'validate',
  stale: (ctx) => !ctx.factsChecked || !isFresh(ctx),
  async run(ctx, progress) {
    const wish = need(ctx.wish, 'template');
    const { kvmFailure } = ctx.shared;
    const seen = isFresh(ctx) ? ctx.facts : null;
    const facts =
      seen ??
      (await progress.ask((signal) =>
        gatherFacts(ctx.deps, { ...factsFor(wish), signal, kvmFailure }),
      ));
    ctx.facts = facts;
    const findings = checkHost(
      checkInputOf(ctx.deps, {
        wish,
        user: ctx.user,
        hasPassword: ctx.secrets.passwordHash !== null,
        facts,
        creationId: ctx.identity.creationId,
      }),
    );
    throwFirstError(findings, 'validate');
    ctx.factsChecked = true;
    ctx.record.patch({ notes: acceptedNotes(findings) });
    progress.log(`The host passed the checks with ${findings.length} notes`);
  },
  undo: undoFromJournal,
};
