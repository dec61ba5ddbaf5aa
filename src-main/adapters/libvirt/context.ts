import type { Connection, Domain, CallOptions as LibvirtCallOptions } from 'node-libvirt';
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

type DomainWork<T> = (
  domain: Domain,
  call: LibvirtCallOptions,
  connection: Connection,
) => Promise<T>;

export type AtDomain = <T>(
  doing: string,
  uuid: string,
  work: DomainWork<T>,
  options?: RunOptions,
) => Promise<T>;

/** Like `run`, for work on one domain. */
export const atDomain =
  (run: Run): AtDomain =>
  (doing, uuid, work, options) =>
    run(
      doing,
      async (connection, call) =>
        work(await connection.domainLookupByUUID(uuid, call), call, connection),
      options,
    );

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
