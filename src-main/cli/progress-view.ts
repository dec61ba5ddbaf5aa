import type { Creation, StageRecord } from '../../src-contract/model/creation.ts';
import type { MachineEvent } from './flat-event.ts';
import type { Output } from './output.ts';

export interface ProgressView {
  show(event: MachineEvent): void;
  /** Removes what was only for the moment. May be called more than once. */
  end(): void;
}

const TICK_MS = 250;
const CLEAR_LINE = '\r\u001b[K';

const MARKS: Partial<Record<StageRecord['state'], string>> = {
  done: '✓',
  failed: '✗',
  undone: '↩',
};

/** Ended stages as lines; on a terminal also one live line with the running stage and the time. */
export function createProgressView(out: Output): ProgressView {
  if (out.json) return { show: () => undefined, end: () => undefined };
  return new TextView(out);
}

class TextView implements ProgressView {
  readonly #out: Output;
  readonly #begun = performance.now();
  readonly #told = new Set<string>();
  readonly #timer: NodeJS.Timeout | null;
  #creation: Creation | null = null;

  constructor(out: Output) {
    this.#out = out;
    this.#timer = out.isTerminal ? setInterval(() => this.#draw(), TICK_MS) : null;
  }

  show(event: MachineEvent): void {
    if (!('creation' in event)) return;
    this.#creation = event.creation;
    for (const record of event.creation.stages) this.#tell(record);
    this.#draw();
  }

  end(): void {
    if (this.#timer === null) return;
    clearInterval(this.#timer);
    process.stdout.write(CLEAR_LINE);
  }

  #tell(record: StageRecord): void {
    const mark = MARKS[record.state];
    const key = `${record.stage} ${record.state}`;
    if (mark === undefined || this.#told.has(key)) return;
    this.#told.add(key);
    if (this.#timer !== null) process.stdout.write(CLEAR_LINE);
    const took =
      record.startedAt === null || record.endedAt === null
        ? ''
        : `  ${seconds(record.endedAt - record.startedAt)}`;
    this.#out.text(`${mark} ${record.stage.padEnd(10)}${took}`.trimEnd());
  }

  #draw(): void {
    if (this.#timer === null || this.#creation === null) return;
    const { stage, state, stages, waitingFor } = this.#creation;
    const record = stages.find((other) => other.stage === stage);
    const share = record?.progress == null ? '' : ` ${Math.round(record.progress * 100)} %`;
    const what = state === 'rolling-back' ? 'undoing' : state === 'queued' ? 'waiting' : stage;
    const message = (state === 'queued' ? waitingFor : record?.message) ?? '';
    const line = `… ${what}${share}  ${seconds(performance.now() - this.#begun)}  ${message}`;
    process.stdout.write(CLEAR_LINE + line.slice(0, (process.stdout.columns || 80) - 1).trimEnd());
  }
}

function seconds(milliseconds: number): string {
  return `${(milliseconds / 1000).toFixed(1)} s`;
}
