import type { FigureSpec } from './figures.ts';

export const PEER = 'python3-libvirt';

export interface Result {
  readonly spec: FigureSpec;
  readonly value: number;
  readonly peer: number;
  /** Null where virsh does not do such a thing. */
  readonly virsh: number | null;
}

const ratioOf = ({ value, peer }: Result): number => value / peer;

/** Whether the limit holds; null when there is none. */
export function held(result: Result): boolean | null {
  const { limit, unit } = result.spec;
  if (limit === null) return null;
  return unit === 'MiB/s' ? ratioOf(result) >= limit : ratioOf(result) <= limit;
}

/** One JSON object a figure, for programs. */
export function jsonLine(result: Result): string {
  const { figure, unit } = result.spec;
  const value = Number(result.value.toFixed(3));
  const ratio = Number(ratioOf(result).toFixed(3));
  return JSON.stringify({ bench: 'node-libvirt', figure, value, unit, peer: PEER, ratio });
}

/** A Markdown table, for people and for the README. */
export function table(results: readonly Result[]): string {
  const rows = results.map((result) => {
    const { figure, unit, limit } = result.spec;
    const sign = unit === 'MiB/s' ? '≥' : '≤';
    const verdict = limit === null ? '' : held(result) ? 'held' : 'MISSED';
    return [
      figure,
      number(result.value, unit),
      number(result.peer, unit),
      result.virsh === null ? '' : number(result.virsh, unit),
      ratioOf(result).toFixed(2),
      limit === null ? '' : `${sign} ${limit}`,
      verdict,
    ];
  });
  return markdown([['', 'node-libvirt', PEER, 'virsh', 'ratio', 'limit', ''], ...rows]);
}

function number(value: number, unit: string): string {
  const digits = value < 10 ? 2 : value < 100 ? 1 : 0;
  return `${value.toFixed(digits)} ${unit}`;
}

function markdown([head = [], ...rows]: readonly (readonly string[])[]): string {
  const width = head.map((title, column) =>
    Math.max(3, title.length, ...rows.map((row) => row[column]?.length ?? 0)),
  );
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell, column) => cell.padEnd(width[column] ?? 0)).join(' | ')} |`;
  const rule = width.map((count) => '-'.repeat(count));
  return [line(head), line(rule), ...rows.map(line)].join('\n');
}
