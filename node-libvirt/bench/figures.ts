import type { Command, Operation } from './command.ts';

/** One line of the table: the same work in both languages, and sometimes in virsh. */
export interface FigureSpec {
  readonly figure: string;
  readonly unit: 'ms' | 'MiB/s' | 'KiB';
  readonly op: Operation;
  /** The peer's operation, where its users would write it another way. */
  readonly peerOp?: Operation;
  readonly n: number;
  /** Of the ratio to the peer: at most, or at least for a throughput; null where none is set. */
  readonly limit: number | null;
  /** Fresh processes for each round. */
  readonly fresh?: boolean;
  /** Commands for one virsh process, whose whole run is timed. */
  readonly virsh?: (command: Command, domains: readonly string[]) => readonly string[];
}

const DOMAINS = 200;
const TRANSFER_BYTES = 256 << 20;

export const figures: readonly FigureSpec[] = [
  {
    figure: '1,000 calls, one after the other',
    unit: 'ms',
    op: 'sequential',
    n: 1_000,
    limit: 1.1,
    virsh: ({ n, name }) => Array.from({ length: n }, () => `domuuid ${name}`),
  },
  {
    figure: '1,000 calls at once (the peer with 8 threads)',
    unit: 'ms',
    op: 'pipelined',
    n: 1_000,
    limit: 0.8,
  },
  {
    // The C library's calls block: a loop is what its users write.
    figure: `list ${DOMAINS} domains with XML and state`,
    unit: 'ms',
    op: 'list_at_once',
    peerOp: 'list_in_turn',
    n: DOMAINS,
    limit: 0.8,
    virsh: (_, domains) => [
      'list --all',
      ...domains.flatMap((name) => [`dumpxml ${name}`, `domstate ${name}`]),
    ],
  },
  {
    figure: 'the same, the peer with 8 threads',
    unit: 'ms',
    op: 'list_at_once',
    n: DOMAINS,
    limit: null,
  },
  {
    figure: 'the same, both one call after the other',
    unit: 'ms',
    op: 'list_in_turn',
    n: DOMAINS,
    limit: null,
  },
  {
    figure: `statistics of ${DOMAINS} domains, one call`,
    unit: 'ms',
    op: 'statistics',
    n: 8,
    limit: 1.0,
    virsh: () => ['domstats'],
  },
  { figure: 'upload 256 MiB', unit: 'MiB/s', op: 'upload', n: TRANSFER_BYTES, limit: 0.8 },
  { figure: 'download 256 MiB', unit: 'MiB/s', op: 'download', n: TRANSFER_BYTES, limit: 0.8 },
  { figure: 'from a change to its event', unit: 'ms', op: 'event', n: 25, limit: null },
  {
    figure: 'memory of one more connection',
    unit: 'KiB',
    op: 'memory',
    n: 18,
    limit: null,
    fresh: true,
  },
];
