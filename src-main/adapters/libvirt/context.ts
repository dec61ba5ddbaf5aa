import type { Connection, CallOptions as LibvirtCallOptions } from 'node-libvirt';
import type { CallOptions, Hypervisor } from '../../core/ports/hypervisor.ts';
import type { Log } from '../../core/ports/system.ts';

export interface RunOptions extends CallOptions {
  /** For all calls of the work together; 60 s unless said. */
  timeoutMs?: number | undefined;
}

/**
 * Does something with the daemon in bounded time. `doing` completes "libvirt could not …".
 * Rejects with a BerthError, or the signal's reason.
 */
export type Run = <T>(
  doing: string,
  work: (connection: Connection, call: LibvirtCallOptions) => Promise<T>,
  options?: RunOptions,
) => Promise<T>;

/** What the topics of the adapter share. */
export interface Context {
  readonly run: Run;
  readonly log: Log;
  /** A path as the daemon says it, as this process can open it. */
  readonly mapPath: (path: string) => string;
  /** Where libvirt puts images for this connection. */
  readonly imageFolder: () => string;
}

/** The part of the port that one topic implements. */
export type Part<K extends keyof Hypervisor> = Pick<Hypervisor, K>;
