import { AuthenticationError, type Connection, connect, TransportError } from 'node-libvirt';
import { BerthError, toBerthError } from '../../core/errors.ts';
import type { CallOptions, HostFacts, HypervisorEvent } from '../../core/ports/hypervisor.ts';
import type { Log } from '../../core/ports/system.ts';
import type { Run, RunOptions } from './context.ts';
import { within } from './deadline.ts';
import { timedOut, translate, unreachable } from './errors.ts';
import { type HostScope, readHostFacts, scopeOf } from './host-facts.ts';

export interface ConnectionOptions {
  /** Absent = the system's daemon when it lets us in, else the user's own. */
  uri?: string | undefined;
  log: Log;
  emit(event: HypervisorEvent): void;
  /** Asks a new connection for its events. */
  listen(connection: Connection, options: CallOptions): Promise<void>;
}

const CANDIDATES = ['qemu:///system', 'qemu:///session'] as const;
/** A session daemon may have to start, and to probe QEMU, first. */
const CONNECT_TIMEOUT_MS = 30_000;
const CALL_TIMEOUT_MS = 60_000;
/** So long after the loss of the daemon calls wait for it to come back; later ones fail at once. */
const RESTART_GRACE_MS = 5_000;
const RECONNECT = { initialDelayMs: 50, maxDelayMs: 1_000 };

/** The one connection to the daemon: it comes back by itself, and its calls end in bounded time. */
export class SupervisedConnection {
  readonly #options: ConnectionOptions;
  #connection: Connection | null = null;
  #connecting: Promise<HostFacts> | null = null;
  #uri: string | null = null;
  #lostAt = 0;
  #closed = false;

  constructor(options: ConnectionOptions) {
    this.#options = options;
  }

  /** Counts up with each new daemon: what was learnt from the one before may be wrong. */
  generation = 0;

  get scope(): HostScope {
    return scopeOf(this.#uri ?? this.#options.uri ?? CANDIDATES[0]);
  }

  /** Identifies the daemon within this host. */
  get uri(): string {
    return this.#uri ?? '';
  }

  connect(options: CallOptions = {}): Promise<HostFacts> {
    this.#connecting ??= this.#connect(options).finally(() => {
      this.#connecting = null;
    });
    return this.#connecting;
  }

  async close(): Promise<void> {
    this.#closed = true;
    const connection = this.#connection;
    this.#connection = null;
    await connection?.close();
  }

  readonly run: Run = async (doing, work, options: RunOptions = {}) => {
    const { signal, timeoutMs = CALL_TIMEOUT_MS } = options;
    signal?.throwIfAborted();
    const connection = await this.#usable(signal);
    return within(timeoutMs, signal, async (deadline) => {
      try {
        return await work(connection, { signal: deadline.signal });
      } catch (error) {
        if (signal?.aborted) throw signal.reason;
        if (deadline.expired) throw timedOut(doing, deadline.milliseconds, error);
        throw translate(doing, error);
      }
    });
  };

  async #connect({ signal }: CallOptions): Promise<HostFacts> {
    if (this.#closed) throw unreachable('The connection to libvirt was closed.');
    try {
      if (this.#connection === null) await this.#open(signal);
    } catch (error) {
      if (signal?.aborted) throw signal.reason;
      const failure = toBerthError(translate('connect', error));
      this.#options.emit({ kind: 'connection', state: 'failed', error: failure });
      throw failure;
    }
    return this.run('read what the host has', (c, call) => readHostFacts(c, this.uri, call), {
      ...(signal && { signal }),
    });
  }

  async #open(signal: AbortSignal | undefined): Promise<void> {
    const connection = await this.#dial(signal);
    try {
      await this.#options.listen(connection, signal ? { signal } : {});
    } catch (error) {
      await connection.close();
      throw error;
    }
    if (this.#closed) {
      await connection.close();
      throw unreachable('The connection to libvirt was closed.');
    }
    this.#uri = connection.uri;
    this.#connection = connection;
    this.#supervise(connection);
    this.#options.emit({ kind: 'connection', state: 'connected' });
  }

  #supervise(connection: Connection): void {
    const { emit, log } = this.#options;
    connection.onDisconnected((reason) => {
      if (this.#closed) return;
      this.generation += 1;
      this.#lostAt = performance.now();
      log.warn('The libvirt daemon is gone', { uri: connection.uri, reason: reason.message });
      const error = unreachable('The libvirt daemon went away.', reason);
      emit({ kind: 'connection', state: 'lost', error });
    });
    connection.onReconnected(() => {
      if (this.#closed) return;
      log.info('The libvirt daemon is back', { uri: connection.uri });
      emit({ kind: 'connection', state: 'connected' });
    });
  }

  /** The given URI, or the first of the candidates that lets us in. */
  async #dial(signal: AbortSignal | undefined): Promise<Connection> {
    const options = { signal, timeoutMs: CONNECT_TIMEOUT_MS, reconnect: RECONNECT };
    if (this.#options.uri) return connect(localUri(this.#options.uri), options);
    const [system, session] = CANDIDATES;
    try {
      return await connect(system, options);
    } catch (refusal) {
      // Root has no daemon of its own.
      const canFallBack = process.geteuid?.() !== 0 && isRefusal(refusal);
      if (!canFallBack) throw refusal;
      this.#options.log.info('Using the session daemon', { because: refusal.message });
      return connect(session, options);
    }
  }

  async #usable(signal: AbortSignal | undefined): Promise<Connection> {
    const connection = this.#connection;
    if (connection === null) throw unreachable('There is no connection to libvirt.');
    if (connection.isAlive) return connection;
    const patience = this.#lostAt + RESTART_GRACE_MS - performance.now();
    if (patience > 0) {
      await within(patience, signal, (grace) => untilReconnected(connection, grace.signal));
    }
    if (signal?.aborted) throw signal.reason;
    if (!connection.isAlive) throw unreachable('The libvirt daemon is not running.');
    return connection;
  }
}

/** Resolves when the connection is back, or the signal fires. */
function untilReconnected(connection: Connection, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      stop();
      signal.removeEventListener('abort', done);
      resolve();
    };
    const stop = connection.onReconnected(done);
    signal.addEventListener('abort', done, { once: true });
    if (signal.aborted || connection.isAlive) done();
  });
}

function isRefusal(error: unknown): error is Error {
  return (
    error instanceof TransportError ||
    error instanceof AuthenticationError ||
    (error instanceof BerthError && error.code === 'libvirt_denied')
  );
}

/** Paths, sockets and devices that Berth looks at are this computer's. */
function localUri(uri: string): string {
  if (!/^[a-z]+\+(ssh|libssh2?|tcp|tls|ext):/i.test(uri) && !/^[a-z+]+:\/\/[^/?]/i.test(uri)) {
    return uri;
  }
  throw new BerthError(
    'libvirt_uri_invalid',
    `Berth works with this computer’s libvirt, not ${uri}.`,
    {
      hint: 'Use qemu:///system, qemu:///session, or one of them with ?socket=/path.',
    },
  );
}
