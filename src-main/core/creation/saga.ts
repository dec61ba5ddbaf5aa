import type { Stage as StageName } from '../../../src-contract/model/stage.ts';
import { toBerthError } from '../errors.ts';
import type { Stage, StageContext } from './context.ts';
import { createProgress } from './progress.ts';
import { subjectOf } from './subject.ts';

/** When a stage counts as slow. */
const SLOW_MS: Partial<Record<StageName, number>> = { media: 60_000, storage: 120_000 };
const SLOW_DEFAULT_MS = 30_000;

/** Raised through abort signals when this process stops working on a creation without undoing it. */
export class AbandonedError extends Error {
  constructor() {
    super('Berth is leaving; the creation is left to recovery');
    this.name = 'AbandonedError';
  }
}

/** Runs stages in order. An error is a BerthError that names its stage, or the signal's reason. */
export async function runStages(
  ctx: StageContext,
  stages: readonly Stage[],
  signal: AbortSignal,
): Promise<void> {
  for (const stage of stages) {
    signal.throwIfAborted();
    const state = ctx.record.stageState(stage.name);
    if (state === 'skipped' || (state === 'done' && !stage.stale?.(ctx))) continue;
    await runStage(ctx, stage, signal);
  }
}

async function runStage(ctx: StageContext, stage: Stage, signal: AbortSignal): Promise<void> {
  const { record, deps, pending } = ctx;
  const limit = SLOW_MS[stage.name] ?? SLOW_DEFAULT_MS;
  const deadline = deps.clock.monotonic() + limit;
  const progress = createProgress({ stage: stage.name, signal, deadline, record, pending });
  record.enter(stage.name);
  record.flush();
  const watched = stage.name === 'first-boot' || stage.name === 'install';
  const ended = new AbortController();
  if (!watched) tellWhenSlow(ctx, stage, limit, ended.signal);
  try {
    await stage.run(ctx, progress);
    signal.throwIfAborted();
    record.leave(stage.name, 'done');
  } catch (error) {
    if (signal.aborted) throw signal.reason;
    const failure = toBerthError(error);
    failure.stage = stage.name;
    if (failure.code === 'internal_error') deps.log.error('a stage failed', subject(ctx, error));
    throw failure;
  } finally {
    ended.abort();
  }
}

/** A time limit changes the message; it destroys nothing. */
function tellWhenSlow(ctx: StageContext, stage: Stage, limit: number, ended: AbortSignal): void {
  ctx.deps.clock.sleep(limit, ended).then(
    () => {
      const seconds = Math.round(limit / 1000);
      const text = `Still working after ${seconds} seconds; you can cancel at any time`;
      ctx.record.log(stage.name, 'warn', text);
      ctx.record.report(stage.name, null, text);
    },
    () => undefined,
  );
}

/** The fields of a log line of this creation. */
export function subject(ctx: StageContext, error?: unknown): Record<string, unknown> {
  const fields = subjectOf(ctx.record.value);
  return error === undefined ? fields : { ...fields, error };
}
