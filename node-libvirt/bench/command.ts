export type Operation =
  | 'sequential'
  | 'pipelined'
  | 'list_in_turn'
  | 'list_at_once'
  | 'statistics'
  | 'upload'
  | 'download'
  | 'event'
  | 'memory';

/** What a worker in either language is told; keys as in peer.py. */
export interface Command {
  readonly uri: string;
  /** A domain. */
  readonly name: string;
  readonly pool: string;
  readonly volume_name: string;
  /** How many calls, bytes or connections. */
  readonly n: number;
}
