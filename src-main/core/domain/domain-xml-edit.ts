import { cpuTopology } from './guest-cpu.ts';

/** New sizes for a definition; what is left out stays. */
export interface Sizes {
  vcpus?: number | undefined;
  memoryBytes?: number | undefined;
}

const KIB = 1024;
const METADATA = /<metadata>[\s\S]*<\/metadata>/;

/**
 * A definition with other sizes; everything else stays letter by letter. Null when it has parts that depend on the
 * sizes and that only its author can change: pinned CPUs, or guest NUMA cells.
 */
export function resizedXml(xml: string, { vcpus, memoryBytes }: Sizes): string | null {
  // Other tools may put anything into the metadata, such as another <memory>.
  const metadata = METADATA.exec(xml)?.[0] ?? null;
  const body = metadata === null ? xml : xml.replace(metadata, () => '<metadata/>');
  if (/<numa>/.test(body)) return null;
  if (vcpus !== undefined && /<(?:vcpupin|vcpus)[\s>]/.test(body)) return null;
  let edited = body;
  if (memoryBytes !== undefined) edited = withMemory(edited, Math.ceil(memoryBytes / KIB));
  if (vcpus !== undefined) edited = withCpus(edited, vcpus);
  return metadata === null ? edited : edited.replace('<metadata/>', () => metadata);
}

function withMemory(xml: string, kib: number): string {
  return xml
    .replace(/<memory[^>]*>[^<]*<\/memory>/, `<memory unit='KiB'>${kib}</memory>`)
    .replace(
      /<currentMemory[^>]*>[^<]*<\/currentMemory>/,
      `<currentMemory unit='KiB'>${kib}</currentMemory>`,
    );
}

const MOST_QUEUES = 8;

/** The count, a topology that holds it, and as many queues as there were CPUs for. */
function withCpus(xml: string, count: number): string {
  const { sockets, cores, threads } = cpuTopology(count, threadsOf(xml, count));
  return xml
    .replace(/<vcpu[^>]*>[^<]*<\/vcpu>/, `<vcpu placement='static'>${count}</vcpu>`)
    .replace(
      /<topology [^>]*\/>/,
      `<topology sockets='${sockets}' cores='${cores}' threads='${threads}'/>`,
    )
    .replace(/ queues=(["'])\d+\1/g, ` queues='${Math.min(count, MOST_QUEUES)}'`);
}

/** Threads stay where they divide the new count. */
function threadsOf(xml: string, count: number): number {
  const threads = Number(/<topology [^>]*\bthreads=["'](\d+)["']/.exec(xml)?.[1] ?? 1);
  return threads > 0 && count % threads === 0 ? threads : 1;
}

export interface LineChange {
  kind: 'added' | 'removed';
  text: string;
}

/** The lines by which two texts differ, in order. */
export function lineChanges(before: string, after: string): LineChange[] {
  const [a, b] = [before.trimEnd().split('\n'), after.trimEnd().split('\n')];
  const common = commonLengths(a, b);
  const changes: LineChange[] = [];
  for (let i = 0, j = 0; i < a.length || j < b.length; ) {
    const [left, right] = [a[i], b[j]];
    if (left !== undefined && left === right) {
      i++;
      j++;
    } else if (
      left === undefined ||
      (right !== undefined && at(common, i, j + 1) > at(common, i + 1, j))
    ) {
      changes.push({ kind: 'added', text: right ?? '' });
      j++;
    } else {
      changes.push({ kind: 'removed', text: left });
      i++;
    }
  }
  return changes;
}

const at = (table: readonly Uint16Array[], i: number, j: number): number => table[i]?.[j] ?? 0;

/** Length of the longest common subsequence of the rests from each pair of lines on. */
function commonLengths(a: readonly string[], b: readonly string[]): Uint16Array[] {
  const table = Array.from({ length: a.length + 1 }, () => new Uint16Array(b.length + 1));
  for (let i = a.length - 1; i >= 0; i--) {
    const row = table[i];
    for (let j = b.length - 1; row !== undefined && j >= 0; j--) {
      row[j] =
        a[i] === b[j]
          ? at(table, i + 1, j + 1) + 1
          : Math.max(at(table, i + 1, j), at(table, i, j + 1));
    }
  }
  return table;
}
