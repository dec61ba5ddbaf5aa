import type {
  Creation,
  LogLine,
  StageRecord,
  Undone,
} from '../../../src-contract/model/creation.ts';
import type { ErrorData, Finding } from '../../../src-contract/model/error.ts';
import type { CreationEventType } from '../../../src-contract/model/events.ts';
import type { Stage as StageName, StageState } from '../../../src-contract/model/stage.ts';
import { SecretMask } from '../domain/secret-mask.ts';
import { maskCreation } from './masking.ts';
import type { CreationDeps } from './service.ts';
import { subjectOf } from './subject.ts';

/** At most ten events a second and creation for progress and log. */
const FLUSH_INTERVAL_MS = 100;
const LINES_PER_FLUSH = 100;
const LINES_TOTAL = 2000;
const LINE_LENGTH = 500;

type RecordDeps = Pick<CreationDeps, 'store' | 'events' | 'clock' | 'log'>;

/**
 * The one writer of a creation's row: keeps it in memory, stores it and tells it, stage changes at once
 * and everything else a few times a second.
 */
export class CreationRecord {
  readonly #deps: RecordDeps;
  readonly #changed: (creation: Creation) => void;
  readonly #stopped = new AbortController();
  readonly #mask = new SecretMask('********');
  readonly #release: (() => void)[] = [];
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

  /** A text that must not show up in anything that is stored, told or logged. */
  keepSecret(text: string): void {
    this.#mask.keep(text);
    this.#release.push(this.#deps.log.redact(text));
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
    this.patch({ error });
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
    this.#deps.log.info('a stage begins', subjectOf(this.#creation));
  }

  leave(stage: StageName, state: StageState, message?: string): void {
    const endedAt = this.#deps.clock.now();
    this.#setStage(stage, { state, endedAt, ...(message !== undefined && { message }) });
    const startedAt = this.#creation.stages.find((one) => one.stage === stage)?.startedAt;
    const seconds = Math.max(0, endedAt - (startedAt ?? endedAt)) / 1000;
    this.#deps.log.info('a stage ends', { ...subjectOf(this.#creation), stage, state, seconds });
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
    const line = full
      ? '… further lines are left out'
      : this.#mask.text(text).slice(0, LINE_LENGTH);
    this.#lines.push({ at: this.#deps.clock.now(), stage, level, text: line });
    // What the guest says is in the creation's own log, and could be without end.
    if (level !== 'guest') this.#deps.log[level](line, { ...subjectOf(this.#creation), stage });
    this.#soon();
  }

  /** Stores and tells everything now. */
  flush(type: CreationEventType = 'vms.create_progress'): void {
    const { store, clock, events } = this.#deps;
    const log = this.#lines;
    this.#lines = [];
    this.#flushedAt = clock.monotonic();
    // What the store gives back may hold a cancellation that another process asked for.
    this.#creation = store.creations.save(maskCreation(this.#creation, this.#mask));
    const { id, machineId, name, departmentId, stage } = this.#creation;
    if (log.length > 0) store.creations.appendLog(id, log);
    const subject = { creationId: id, machineId, name, departmentId, stage };
    events.emit({ type, ...subject, creation: this.#creation, log });
    this.#changed(this.#creation);
  }

  /** No further throttled flush happens, and the log forgets the secrets. */
  stop(): void {
    this.#stopped.abort();
    for (const release of this.#release.splice(0)) release();
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
        if (!this.#stopped.signal.aborted) {
          log.error('a creation was not stored', { ...subjectOf(this.#creation), error });
        }
      });
  }

  #setStage(stage: StageName, change: Partial<StageRecord>): void {
    const stages = this.#creation.stages.map((one) =>
      one.stage === stage ? { ...one, ...change } : one,
    );
    this.patch({ stages });
  }
}
