/** What a guest says of itself, one JSON object a line on the progress port. Hostile until proven otherwise. */
export interface GuestReport {
  phase: string;
  /** 0..1, or null when the guest does not tell. */
  fraction: number | null;
  message: string;
  /** What became of one of its tasks; null in a line about something else. */
  task: GuestTask | null;
}

export interface GuestTask {
  /** Place in the order in which the tasks were given to the guest, from 0. */
  index: number;
  state: 'running' | 'done' | 'failed' | 'timed-out';
  exitCode: number | null;
  lastLines: string[];
}

export type GuestLine = { report: GuestReport } | { ignored: string };

const LINE_MAX = 4096;
const MESSAGE_MAX = 200;
const PHASE = /^[a-z][a-z0-9-]{0,31}$/;
const UNPRINTABLE = /[\p{C}\p{Zl}\p{Zp}]+/gu;
const NEWLINE = 0x0a;
const TASKS_MAX = 256;
const EXIT_MAX = 0xffff_ffff;
const TASK_STATES = ['running', 'done', 'failed', 'timed-out'] as const;
const LAST_LINES_MAX = 20;

/** Cuts a byte stream into lines of bounded length and parses them. Never throws. */
export class GuestLineParser {
  readonly #decoder = new TextDecoder('utf-8', { fatal: true });
  readonly #line = new Uint8Array(LINE_MAX);
  #length = 0;
  #tooLong = false;

  push(chunk: Uint8Array): GuestLine[] {
    const lines: GuestLine[] = [];
    let rest = chunk;
    for (let end = rest.indexOf(NEWLINE); end !== -1; end = rest.indexOf(NEWLINE)) {
      this.#append(rest.subarray(0, end));
      const line = this.#take();
      if (line !== null) lines.push(line);
      rest = rest.subarray(end + 1);
    }
    this.#append(rest);
    return lines;
  }

  #append(bytes: Uint8Array): void {
    if (this.#length + bytes.length > LINE_MAX) this.#tooLong = true;
    if (this.#tooLong) return;
    this.#line.set(bytes, this.#length);
    this.#length += bytes.length;
  }

  #take(): GuestLine | null {
    const bytes = this.#line.subarray(0, this.#length);
    const tooLong = this.#tooLong;
    this.#length = 0;
    this.#tooLong = false;
    if (tooLong) return { ignored: `a line longer than ${LINE_MAX} bytes` };
    try {
      const text = this.#decoder.decode(bytes).trim();
      return text === '' ? null : parse(text);
    } catch {
      return { ignored: 'a line that is not UTF-8' };
    }
  }
}

function parse(text: string): GuestLine {
  const value = parseJson(text);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return { ignored: 'a line that is not a JSON object' };
  }
  const phase = 'phase' in value ? value.phase : undefined;
  if (typeof phase !== 'string' || !PHASE.test(phase)) {
    return { ignored: 'a line without a known phase' };
  }
  const percent = 'pct' in value ? value.pct : undefined;
  const message = 'message' in value ? value.message : undefined;
  return {
    report: {
      phase,
      fraction:
        typeof percent === 'number' && Number.isFinite(percent)
          ? Math.min(Math.max(percent, 0), 100) / 100
          : null,
      message: typeof message === 'string' ? printable(message) : '',
      task: parseTask(value),
    },
  };
}

function parseTask(value: object): GuestTask | null {
  const index = 'task' in value ? value.task : undefined;
  const state = TASK_STATES.find((one) => 'state' in value && value.state === one);
  if (!isCount(index, TASKS_MAX) || state === undefined) return null;
  const exit = 'exit' in value ? value.exit : undefined;
  const lines = 'lines' in value && Array.isArray(value.lines) ? value.lines : [];
  return {
    index,
    state,
    exitCode: isCount(exit, EXIT_MAX) ? exit : null,
    lastLines: lines
      .filter((line): line is string => typeof line === 'string')
      .slice(-LAST_LINES_MAX)
      .map(printable),
  };
}

function isCount(value: unknown, max: number): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= max;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function printable(text: string): string {
  return text
    .slice(0, MESSAGE_MAX * 2)
    .replace(UNPRINTABLE, ' ')
    .trim()
    .slice(0, MESSAGE_MAX);
}
