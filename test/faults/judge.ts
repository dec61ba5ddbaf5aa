import type { Cell } from './cells.ts';
import type { VictimEnd } from './run-victim.ts';

const CANCEL_LIMIT_MS = 5000;
const ENDED = new Set<unknown>(['completed', 'failed', 'cancelled']);
const WATCHED = new Set(['first-boot', 'ready']);
/** By what the victim must have failed. What libvirt says of a filter becomes an error of that filter. */
const CODES: Partial<Record<Cell['fault'], RegExp>> = {
  throw: /^internal_error$/,
  libvirt: /^(libvirt_error|filter_\w+)$/,
  'fail-late': /^(libvirt_error|filter_\w+)$/,
  'pool-full': /^disk_full$/,
};

const lastOf = (end: VictimEnd) => end.lines.at(-1);

/** Whether nothing is left for the next start to do. */
export function isOver(end: VictimEnd): boolean {
  const last = lastOf(end);
  return last?.['type'] === 'refused' || ENDED.has(last?.['state']);
}

/** Whether the machine rightly stays. */
export function keeps({ stage, fault }: Cell, end: VictimEnd): boolean {
  if (lastOf(end)?.['state'] === 'completed') return true;
  if (stage === 'start' && fault === 'kill-mark') return true;
  return WATCHED.has(stage) && fault !== 'cancel' && fault !== 'hang';
}

/** What did not go as the cell demands: the last line of the victim must tell what the fault did. */
export function judge(cell: Cell, end: VictimEnd): string[] {
  const { fault, stage } = cell;
  const last = lastOf(end);
  if (fault.startsWith('kill')) {
    return end.signal === 'SIGKILL'
      ? []
      : [`was not killed: ${JSON.stringify(last)} ${end.stderr}`];
  }
  // These two are over before the person has an id to look at: the request itself is refused.
  const early = stage === 'validate' || stage === 'reserve';
  if (last?.['type'] === 'refused') return early ? [] : [`refused: ${last['error']}`];
  if (last?.['type'] !== 'ended') return [`ended without a word: ${end.stderr.slice(-400)}`];
  return complaintsAbout(cell, last);
}

function complaintsAbout({ fault, stage }: Cell, last: Record<string, unknown>): string[] {
  const { state, error } = last;
  const complaints = statesFor(fault, stage).includes(String(state)) ? [] : [`state ${state}`];
  const code = CODES[fault];
  if (code !== undefined && !code.test(String(codeOf(error))))
    complaints.push(`error ${codeOf(error)}`);
  if (Number(last['cancelMs']) > CANCEL_LIMIT_MS) complaints.push('cancel too slow');
  return complaints;
}

function statesFor(fault: Cell['fault'], stage: Cell['stage']): readonly string[] {
  if (fault === 'cancel' || fault === 'hang') return ['cancelled'];
  if (fault in CODES) return ['failed'];
  if (fault === 'daemon' || WATCHED.has(stage)) return ['failed', 'completed'];
  // What cannot be written down stays as it was, for the next start.
  return ['failed', 'completed', 'queued', 'running', 'rolling-back'];
}

const codeOf = (error: unknown): unknown =>
  typeof error === 'object' && error !== null && 'code' in error ? error.code : null;
