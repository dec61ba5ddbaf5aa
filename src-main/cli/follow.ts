import type { Creation } from '../../src-contract/model/creation.ts';
import type { BerthEvent } from '../../src-contract/model/events.ts';
import { BerthError, CancelledError } from '../core/errors.ts';
import { describeReady } from './create-report.ts';
import { flatten } from './flat-event.ts';
import { createProgressView, type ProgressView } from './progress-view.ts';
import { EXIT, type Session } from './session.ts';

type Started = { creationId: string; machineId: string };

const UNDO_PATIENCE_MS = 180_000;

/** Starts a creation, shows its events, waits, and reports. An interrupt cancels it and waits for the undo. */
export async function followCreation(
  session: Session,
  until: 'running' | 'ready',
  start: () => Promise<Started>,
): Promise<number> {
  const { berth } = session;
  const view = createProgressView(session.out);
  const feed = new EventFeed(session, view);
  try {
    const { creationId, machineId } = await start();
    feed.follow(machineId);
    const creation = await settle(session, creationId, until, () =>
      session.out.diagnose('berth: cancelling; what has been made is removed.'),
    );
    if (creation.state === 'cancelled') throw new CancelledError();
    if (creation.state === 'failed') throw failure(creation);
    if (creation.state === 'rolling-back') throw undoPending();
    view.end();
    await describeReady(session, creation);
    return EXIT.done;
  } finally {
    view.end();
    feed.stop();
    await berth.ports.clock.sleep(0);
  }
}

/** Resolves when it runs (or is ready), or has ended. An interrupt cancels it, told by `onCancel`. */
export async function settle(
  { berth, call, interrupted }: Session,
  creationId: string,
  until: 'running' | 'ready',
  onCancel: () => void = () => undefined,
): Promise<Creation> {
  try {
    interrupted.throwIfAborted();
    return await berth.creations.settled(creationId, until, interrupted);
  } catch (error) {
    if (!interrupted.aborted) throw error;
    onCancel();
    await call('creations.cancel', { creationId }).catch(unlessEnded);
    return berth.creations.settled(creationId, 'ready', AbortSignal.timeout(UNDO_PATIENCE_MS));
  }
}

/** It may end while the person asks for its end. */
function unlessEnded(error: unknown): void {
  if (!(error instanceof BerthError) || error.code !== 'creation_ended') throw error;
}

function undoPending(): BerthError {
  return new BerthError('undo_pending', 'What has been made could not be removed yet.', {
    hint: 'Run "berth recover" when libvirt is there again.',
    retryable: true,
  });
}

function failure({ error, undone }: Creation): BerthError {
  const left = undone.filter((item) => !item.verified).map((item) => `${item.kind} ${item.name}`);
  const hints = [
    error?.hint,
    left.length > 0 ? `Left behind: ${left.join(', ')}; "berth recover" tries again.` : undefined,
  ].filter((hint) => hint !== undefined);
  return new BerthError(error?.code ?? 'internal_error', error?.message ?? 'The creation failed.', {
    ...(error?.stage && { stage: error.stage }),
    ...(error?.fix && { fix: error.fix }),
    ...(error?.cause !== undefined && { cause: new Error(error.cause) }),
    ...(hints.length > 0 && { hint: hints.join(' ') }),
    retryable: error?.retryable ?? false,
  });
}

/** Prints the events of one machine. Those that come before its id is known are kept until then. */
class EventFeed {
  readonly #session: Session;
  readonly #view: ProgressView;
  readonly #stop: () => void;
  #early: BerthEvent[] = [];
  #machineId: string | null = null;

  constructor(session: Session, view: ProgressView) {
    this.#session = session;
    this.#view = view;
    this.#stop = session.berth.events.subscribe((event) => {
      if (this.#machineId === null) this.#early.push(event);
      else this.#show(event);
    });
  }

  follow(machineId: string): void {
    this.#machineId = machineId;
    for (const event of this.#early) this.#show(event);
    this.#early = [];
  }

  stop(): void {
    this.#stop();
  }

  #show(event: BerthEvent): void {
    if (!('machineId' in event) || event.machineId !== this.#machineId) return;
    this.#session.out.record(flatten(event));
    this.#view.show(event);
  }
}
