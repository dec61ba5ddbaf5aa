import type { EventDefinition } from '../wire/events.ts';
import { LibvirtError } from '../wire/libvirt-error.ts';
import type { Procedure } from '../wire/procedure.ts';
import type { CallOptions } from './call-options.ts';
import { deferred } from './deferred.ts';
import { ConnectionClosedError, TimeoutError } from './errors.ts';
import { EventHub, type Unsubscribe } from './event-hub.ts';
import { Link, type LinkOptions } from './link.ts';
import { Listeners } from './listeners.ts';
import type { Rpc } from './rpc.ts';
import type { RpcStream } from './rpc-stream.ts';

export interface ReconnectOptions {
  /** The first pause between attempts, doubled each time. */
  readonly initialDelayMs: number;
  readonly maxDelayMs: number;
}

export const DEFAULT_RECONNECT: ReconnectOptions = { initialDelayMs: 100, maxDelayMs: 10_000 };

interface RpcConnectionOptions extends Omit<LinkOptions, 'onMessage'> {
  readonly reconnect: ReconnectOptions | null;
}

/**
 * A connection that outlives its sockets: with `reconnect` a lost link is replaced by a new one and
 * every event asked for again. Calls made meanwhile, and those under way when the link broke, fail
 * with ConnectionClosedError; events are lost meanwhile, so list again after `reconnected`.
 */
export class RpcConnection implements Rpc {
  readonly #options: RpcConnectionOptions;
  readonly #events: EventHub;
  readonly #closed = deferred<Error | null>();
  readonly #closing = new AbortController();
  readonly disconnected = new Listeners<Error>();
  readonly reconnected = new Listeners<void>();
  #link: Link | null = null;
  #lost: Error | null = null;
  #reconnecting: Promise<void> = Promise.resolve();

  private constructor(options: RpcConnectionOptions) {
    this.#options = options;
    this.#events = new EventHub((procedure, args, call) => this.call(procedure, args, call));
  }

  static async open(options: RpcConnectionOptions, signal?: AbortSignal): Promise<RpcConnection> {
    const connection = new RpcConnection(options);
    connection.#use(await connection.#openLink(signal));
    return connection;
  }

  /** Resolves once, when the connection is over for good: null after {@link close}. */
  get closed(): Promise<Error | null> {
    return this.#closed.promise;
  }

  get isAlive(): boolean {
    return this.#link?.isAlive ?? false;
  }

  async call<A, R>(procedure: Procedure<A, R>, args: A, options?: CallOptions): Promise<R> {
    try {
      return await this.#usable().call(procedure, args, options);
    } catch (error) {
      throw fromHere(error);
    }
  }

  async open<A, R>(
    procedure: Procedure<A, R>,
    args: A,
    options?: CallOptions,
  ): Promise<{ result: R; stream: RpcStream }> {
    try {
      return await this.#usable().open(procedure, args, options);
    } catch (error) {
      throw fromHere(error);
    }
  }

  subscribe<T>(
    definition: EventDefinition<T>,
    listener: (payload: T) => void,
    options?: CallOptions,
  ): Promise<Unsubscribe> {
    return this.#events.subscribe(definition, listener, options);
  }

  /** Ends everything; safe to call more than once. Leaves no handle open. */
  async close(): Promise<void> {
    if (this.#closing.signal.aborted) return void (await this.closed);
    this.#closing.abort(new ConnectionClosedError('the connection was closed'));
    const link = this.#link;
    this.#link = null;
    await Promise.all([link?.close(), this.#reconnecting]);
    this.#closed.resolve(null);
  }

  #usable(): Link {
    if (this.#link?.isAlive) return this.#link;
    const closed = this.#closing.signal.aborted;
    const text = closed ? 'the connection was closed' : 'the libvirt daemon is not connected';
    throw new ConnectionClosedError(text, { cause: this.#lost });
  }

  #openLink(signal?: AbortSignal): Promise<Link> {
    const onMessage: LinkOptions['onMessage'] = (packet) => this.#events.dispatch(packet);
    return Link.open({ ...this.#options, onMessage }, signal);
  }

  #use(link: Link): void {
    this.#link = link;
    void link.closed.then((reason) => this.#onLost(link, reason));
  }

  #onLost(link: Link, reason: Error): void {
    if (this.#link !== link) return;
    this.#link = null;
    this.#lost = reason;
    this.disconnected.emit(reason);
    if (this.#options.reconnect === null) this.#closed.resolve(reason);
    else this.#reconnecting = this.#reconnect(this.#options.reconnect);
  }

  async #reconnect({ initialDelayMs, maxDelayMs }: ReconnectOptions): Promise<void> {
    const { signal } = this.#closing;
    for (let delay = initialDelayMs; !signal.aborted; delay = Math.min(delay * 2, maxDelayMs)) {
      const link = await this.#tryAgain(signal);
      if (signal.aborted) return void (await link?.close());
      if (link !== null) {
        this.#use(link);
        this.reconnected.emit();
        return;
      }
      // Spread out, so that many clients of one daemon do not all come back at the same moment.
      await pause(delay * (0.5 + Math.random() / 2), signal);
    }
  }

  /** A link that is complete with its events, or null. */
  async #tryAgain(signal: AbortSignal): Promise<Link | null> {
    let link: Link | null = null;
    const giveUp = (): void =>
      link?.destroy(new ConnectionClosedError('the connection was closed'));
    signal.addEventListener('abort', giveUp, { once: true });
    try {
      link = await this.#openLink(signal);
      const opened = link;
      await this.#events.reregister((procedure, args, options) =>
        opened.call(procedure, args, options),
      );
      return link;
    } catch (error) {
      this.#lost = error instanceof Error ? error : new Error(String(error));
      link?.destroy(this.#lost);
      return null;
    } finally {
      signal.removeEventListener('abort', giveUp);
    }
  }
}

/** Errors are made where bytes arrive, which says nothing: let the stack lead to the caller. */
function fromHere(error: unknown): unknown {
  const ours = [LibvirtError, TimeoutError, ConnectionClosedError];
  if (error instanceof Error && ours.some((type) => error instanceof type)) {
    Error.captureStackTrace(error, fromHere);
  }
  return error;
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal.addEventListener('abort', done, { once: true });
    if (signal.aborted) done();
  });
}
