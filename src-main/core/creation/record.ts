import type {
  Creation,
  LogLine,
  StageRecord,
  Undone,
} from '../../../src-contract/model/creation.ts';
import type { ErrorData, Finding } from '../../../src-contract/model/error.ts';
import type { CreationEventType } from '../../../src-contract/model/events.ts';
import type { Stage as StageName, StageState } from '../../../src-contract/model/stage.ts';
import type { CreationDeps } from './service.ts';

/** At most ten events a second and creation for progress and log. */
const FLUSH_INTERVAL_MS = 100;
const LINES_PER_FLUSH = 100;
const LINES_TOTAL = 2000;
const LINE_LENGTH = 500;
const MASK = '********';

type RecordDeps = Pick<CreationDeps, 'store' | 'events' | 'clock' | 'log'>;

/**
 * The one writer of a creation's row: keeps it in memory, stores it and tells it, stage changes at once
 * and everything else a few times a second.
 */
export class CreationRecord {
  readonly #deps: RecordDeps;
  readonly #changed: (creation: Creation) => void;
  readonly #stopped = new AbortController();
  readonly #secrets = new Set<string>();
  #creation: Creation;
  #lines: LogLine[] = [];
  #lineCount = 0;
  #flushedAt = Number.NEGATIVE_INFINITY;
  #scheduled = false;

  constructor(deps: RecordDeps, creation: Creation, changed: (creation: Creation) => void) {
    this.#deps = deps;
    this.#creation = creation;
    this.#changed = changed;
  }

  get value(): Creation {
    return this.#creation;
  }

  /** A text that must not show up in log lines and errors. */
  keepSecret(text: string): void {
    if (text !== '') this.#secrets.add(text);
  }

  patch(change: Partial<Creation>): void {
    this.#creation = { ...this.#creation, ...change };
  }

  addNotes(notes: readonly Finding[]): void {
    const known = new Set(this.#creation.notes.map(({ code }) => code));
    const fresh = notes.filter(({ code }) => !known.has(code));
    this.patch({ notes: [...this.#creation.notes, ...fresh] });
  }

  addUndone(undone: Undone): void {
    const others = this.#creation.undone.filter(
      ({ kind, name }) => kind !== undone.kind || name !== undone.name,
    );
    this.patch({ undone: [...others, undone] });
  }

  setError(error: ErrorData): void {
    const { message, cause, hint } = error;
    this.patch({
      error: {
        ...error,
        message: this.#redact(message),
        ...(cause !== undefined && { cause: this.#redact(cause) }),
        ...(hint !== undefined && { hint: this.#redact(hint) }),
      },
    });
  }

  stageState(stage: StageName): StageState {
    return this.#creation.stages.find((one) => one.stage === stage)?.state ?? 'pending';
  }

  enter(stage: StageName): void {
    const before = this.#creation.stages.find((one) => one.stage === stage);
    const resumed = before?.state === 'running' ? before.startedAt : null;
    const startedAt = resumed ?? this.#deps.clock.now();
    this.patch({ stage });
    this.#setStage(stage, { state: 'running', startedAt, endedAt: null, message: null });
  }

  leave(stage: StageName, state: StageState, message?: string): void {
    const endedAt = this.#deps.clock.now();
    const text = message === undefined ? {} : { message: this.#redact(message) };
    this.#setStage(stage, { state, endedAt, ...text });
  }

  /** Marks a stage without touching its times. */
  mark(stage: StageName, state: StageState): void {
    this.#setStage(stage, { state });
  }

  report(stage: StageName, progress: number | null, message?: string): void {
    this.#setStage(stage, { progress, ...(message !== undefined && { message }) });
    this.#soon();
  }

  log(stage: StageName, level: LogLine['level'], text: string): void {
    this.#lineCount++;
    if (this.#lineCount > LINES_TOTAL || this.#lines.length > LINES_PER_FLUSH) return;
    const full = this.#lineCount === LINES_TOTAL || this.#lines.length === LINES_PER_FLUSH;
    const line = full ? '… further lines are left out' : this.#redact(text).slice(0, LINE_LENGTH);
    this.#lines.push({ at: this.#deps.clock.now(), stage, level, text: line });
    this.#soon();
  }

  /** Stores and tells everything now. */
  flush(type: CreationEventType = 'vms.create_progress'): void {
    const { store, clock, events } = this.#deps;
    const log = this.#lines;
    this.#lines = [];
    this.#flushedAt = clock.monotonic();
    // What the store gives back may hold a cancellation that another process asked for.
    this.#creation = store.creations.save(this.#creation);
    const { id, machineId, name, departmentId, stage } = this.#creation;
    if (log.length > 0) store.creations.appendLog(id, log);
    const subject = { creationId: id, machineId, name, departmentId, stage };
    events.emit({ type, ...subject, creation: this.#creation, log });
    this.#changed(this.#creation);
  }

  /** No further throttled flush happens. */
  stop(): void {
    this.#stopped.abort();
  }

  #soon(): void {
    if (this.#scheduled || this.#stopped.signal.aborted) return;
    const { clock, log } = this.#deps;
    const wait = Math.max(FLUSH_INTERVAL_MS - (clock.monotonic() - this.#flushedAt), 1);
    this.#scheduled = true;
    clock
      .sleep(wait, this.#stopped.signal)
      .then(() => {
        this.#scheduled = false;
        this.flush();
      })
      .catch((error: unknown) => {
        this.#scheduled = false;
        if (!this.#stopped.signal.aborted) log.error('a creation was not stored', { error });
      });
  }

  #setStage(stage: StageName, change: Partial<StageRecord>): void {
    const stages = this.#creation.stages.map((one) =>
      one.stage === stage ? { ...one, ...change } : one,
    );
    this.patch({ stages });
  }

  #redact(text: string): string {
    let clean = text;
    for (const secret of this.#secrets) clean = clean.replaceAll(secret, MASK);
    return clean;
  }
}
