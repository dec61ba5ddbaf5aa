import type { Duplex } from 'node:stream';
import type { Dialer } from '../transport/dialer.ts';
import { TransportError } from '../transport/transport-error.ts';
import type { Packet } from '../wire/packet.ts';
import type { Procedure } from '../wire/procedure.ts';
import { host } from '../wire/procedures/host.ts';
import type { CallOptions } from './call-options.ts';
import { ConnectionClosedError, TimeoutError } from './errors.ts';
import { handshake } from './handshake.ts';
import type { KeepaliveOptions } from './keepalive.ts';
import { RpcChannel } from './rpc-channel.ts';
import type { RpcStream } from './rpc-stream.ts';

const CLOSE_TIMEOUT_MS = 2_000;

export interface LinkOptions {
  readonly dial: Dialer;
  /** The URI as the daemon should see it. */
  readonly name: string;
  readonly readonly: boolean;
  readonly keepalive: KeepaliveOptions | null;
  /** How long opening one channel may take. */
  readonly openTimeoutMs: number;
  /** One channel for everything: for drivers whose state lives in the connection. */
  readonly single: boolean;
  readonly onMessage: (packet: Packet) => void;
}

type ChannelRole = 'control' | 'slow' | 'stream';

/**
 * The channels to one daemon: the control channel carries quick and heavy calls and the events, a
 * second one the slow calls, and each stream has its own, since a reader that is slow stops all
 * reading. Only the control channel is there from the start; when it goes, all go.
 */
export class Link {
  readonly #options: LinkOptions;
  readonly #control: RpcChannel;
  readonly #channels = new Set<RpcChannel>();
  readonly #ending = new AbortController();
  #slow: Promise<RpcChannel> | null = null;

  private constructor(options: LinkOptions, control: RpcChannel) {
    this.#options = options;
    this.#control = control;
    this.#adopt(control);
    void control.closed.then((reason) => this.destroy(reason));
  }

  static async open(options: LinkOptions, signal?: AbortSignal): Promise<Link> {
    return new Link(options, await openChannel(options, 'control', { signal }));
  }

  /** Resolves with the reason when the control channel is over. */
  get closed(): Promise<Error> {
    return this.#control.closed;
  }

  get isAlive(): boolean {
    return this.#control.isAlive;
  }

  async call<A, R>(procedure: Procedure<A, R>, args: A, options?: CallOptions): Promise<R> {
    if (procedure.lane !== 'slow' || this.#options.single) {
      return this.#control.call(procedure, args, options);
    }
    const channel = await this.#slowChannel(options);
    return channel.call(procedure, args, options);
  }

  async open<A, R>(
    procedure: Procedure<A, R>,
    args: A,
    options?: CallOptions,
  ): Promise<{ result: R; stream: RpcStream }> {
    if (this.#options.single) return this.#control.open(procedure, args, options);
    const channel = await this.#openExtra('stream', options);
    const close = (): void => this.#closeExtra(channel);
    try {
      const opened = await channel.open(procedure, args, options);
      void opened.stream.ended.then(close, close);
      return opened;
    } catch (error) {
      close();
      throw error;
    }
  }

  /** Says good-bye to the daemon, then closes every socket. */
  async close(): Promise<void> {
    const farewell = this.#control.isAlive
      ? this.#control.call(host.CONNECT_CLOSE, undefined, { timeoutMs: CLOSE_TIMEOUT_MS })
      : Promise.resolve(undefined);
    await farewell.catch(() => undefined);
    this.destroy(new ConnectionClosedError('the connection was closed'));
  }

  destroy(reason: Error): void {
    this.#ending.abort(new ConnectionClosedError(reason.message, { cause: reason }));
    for (const channel of [...this.#channels]) channel.destroy(reason);
  }

  #adopt(channel: RpcChannel): void {
    this.#channels.add(channel);
    void channel.closed.then(() => this.#channels.delete(channel));
  }

  async #openExtra(role: ChannelRole, { signal }: CallOptions = {}): Promise<RpcChannel> {
    const ending = this.#ending.signal;
    const both = signal === undefined ? ending : AbortSignal.any([ending, signal]);
    const channel = await openChannel(this.#options, role, { signal: both });
    if (ending.aborted) channel.destroy(new ConnectionClosedError('the connection was closed'));
    ending.throwIfAborted();
    this.#adopt(channel);
    return channel;
  }

  #closeExtra(channel: RpcChannel): void {
    if (!channel.isAlive) return;
    const destroy = (): void => channel.destroy(new ConnectionClosedError('the stream is over'));
    channel
      .call(host.CONNECT_CLOSE, undefined, { timeoutMs: CLOSE_TIMEOUT_MS })
      .then(destroy, destroy);
  }

  /** Opened by whoever needs it first; others wait for the same one, each with its own patience. */
  #slowChannel(options: CallOptions = {}): Promise<RpcChannel> {
    if (this.#slow === null) {
      const slow = this.#openExtra('slow');
      this.#slow = slow;
      const forget = (): void => {
        if (this.#slow === slow) this.#slow = null;
      };
      slow.then((channel) => channel.closed, forget).then(forget, forget);
    }
    return unlessAborted(this.#slow, options.signal);
  }
}

async function openChannel(
  options: LinkOptions,
  role: ChannelRole,
  { signal }: CallOptions = {},
): Promise<RpcChannel> {
  const clock = new AbortController();
  const late = new TimeoutError('connecting to the libvirt daemon', options.openTimeoutMs, false);
  const timer = setTimeout(() => clock.abort(late), options.openTimeoutMs);
  const both = signal === undefined ? clock.signal : AbortSignal.any([clock.signal, signal]);
  try {
    both.throwIfAborted();
    const duplex = await dialUntil(options.dial, both);
    const channel = new RpcChannel(duplex, {
      keepalive: options.keepalive,
      pausable: role === 'stream',
      onMessage: role === 'control' ? options.onMessage : () => undefined,
    });
    try {
      const serverPings = options.keepalive !== null && role !== 'stream' && !options.single;
      const { name, readonly } = options;
      await handshake(channel, { name, readonly, serverPings }, { signal: both, timeoutMs: 0 });
    } catch (error) {
      channel.destroy(new ConnectionClosedError('the connection could not be opened'));
      throw unreachable(error) ?? error;
    }
    return channel;
  } finally {
    clearTimeout(timer);
  }
}

/** Some ways to a daemon, ssh for one, turn out to be barred only after they were opened. */
function unreachable(error: unknown): TransportError | null {
  const cause = error instanceof ConnectionClosedError ? error.cause : null;
  return cause instanceof TransportError ? cause : null;
}

/** Whoever dials may not look at the signal, and then come up with a socket too late. */
async function dialUntil(dial: Dialer, signal: AbortSignal): Promise<Duplex> {
  const dialing = dial({ signal });
  try {
    return await unlessAborted(dialing, signal);
  } catch (error) {
    dialing.then(
      (duplex) => duplex.destroy(),
      () => undefined,
    );
    throw error;
  }
}

function unlessAborted<T>(promise: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return promise;
  signal.throwIfAborted();
  return new Promise((resolve, reject) => {
    const onAbort = (): void => reject(signal.reason);
    signal.addEventListener('abort', onAbort, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort));
  });
}
