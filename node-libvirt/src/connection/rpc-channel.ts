import type { Buffer } from 'node:buffer';
import type { Duplex } from 'node:stream';
import { remoteError } from '../wire/handles.ts';
import { isKeepalive, isPing, pingPacket, pongPacket } from '../wire/keepalive-packets.ts';
import { LibvirtError } from '../wire/libvirt-error.ts';
import { objectOf } from '../wire/object-of.ts';
import { type Packet, PacketStatus, PacketType } from '../wire/packet.ts';
import { PacketParser } from '../wire/packet-parser.ts';
import { type AnyProcedure, decodePayload, encodeCall, type Procedure } from '../wire/procedure.ts';
import { ProtocolError } from '../wire/protocol-error.ts';
import type { CallOptions } from './call-options.ts';
import { deferred } from './deferred.ts';
import { ConnectionClosedError } from './errors.ts';
import { Keepalive, type KeepaliveOptions } from './keepalive.ts';
import { PacketSender } from './packet-sender.ts';
import { PendingCall } from './pending-call.ts';
import type { RpcStream } from './rpc-stream.ts';
import { StreamTable } from './stream-table.ts';
import { Turns } from './turns.ts';

/** The daemon takes five messages of a client at a time: one is kept for quick calls. */
const HEAVY_CALLS_AT_A_TIME = 4;
const DAEMON_SLOTS = 5;

interface ChannelOptions {
  readonly keepalive: KeepaliveOptions | null;
  /** Whether a slow stream reader may stop all reading: only where nothing else is carried. */
  readonly pausable: boolean;
  /** Events: messages that answer no call. */
  readonly onMessage: (packet: Packet) => void;
}

/** One socket to the daemon: calls and their replies, streams, events, signs of life. */
export class RpcChannel {
  readonly #duplex: Duplex;
  readonly #options: ChannelOptions;
  readonly #parser = new PacketParser((packet) => this.#onPacket(packet), {
    streamsInPieces: true,
  });
  readonly #sender: PacketSender;
  readonly #heavy = new Turns(HEAVY_CALLS_AT_A_TIME);
  readonly #calls = new Map<number, PendingCall>();
  readonly #streams: StreamTable;
  readonly #keepalive: Keepalive | null;
  readonly #closed = deferred<Error>();
  #paused = false;
  #serial = 0;
  #failure: Error | null = null;

  constructor(duplex: Duplex, options: ChannelOptions) {
    this.#duplex = duplex;
    this.#options = options;
    this.#sender = new PacketSender(duplex);
    this.#streams = new StreamTable(this.#sender, (paused) => this.#setPaused(paused));
    this.#keepalive = options.keepalive === null ? null : this.#watch(options.keepalive);
    duplex.on('data', (chunk: Buffer) => this.#onData(chunk));
    duplex.on('error', (error) => this.destroy(error));
    const onEnd = (): void =>
      this.destroy(new ConnectionClosedError('the libvirt daemon has closed the connection'));
    duplex.on('end', onEnd);
    duplex.on('close', onEnd);
  }

  /** Resolves, never rejects, with the reason when the channel is over. */
  get closed(): Promise<Error> {
    return this.#closed.promise;
  }

  get isAlive(): boolean {
    return this.#failure === null;
  }

  /** Sends one call. Replies may come in another order than calls were made. */
  call<A, R>(procedure: Procedure<A, R>, args: A, options: CallOptions = {}): Promise<R> {
    return new Promise((resolve, reject) => {
      this.#submit(procedure, args, options, resolve, reject);
    });
  }

  /** Sends a call that has a stream. The result comes first, bytes may follow at once. */
  async open<A, R>(
    procedure: Procedure<A, R>,
    args: A,
    options: CallOptions = {},
  ): Promise<{ result: R; stream: RpcStream }> {
    let opened: RpcStream | undefined;
    const result = await new Promise<R>((resolve, reject) => {
      const serial = this.#submit(procedure, args, options, resolve, reject);
      // Data can share a packet burst with the reply, so the stream must be known before.
      opened = this.#streams.open(procedure, serial);
    });
    if (opened === undefined) throw new ConnectionClosedError('the call was never made');
    const stream = opened;
    const { signal } = options;
    const onAbort = (): void => void stream.abort(signal?.reason);
    // The signal can have come between the reply and now.
    if (signal?.aborted === true) onAbort();
    else signal?.addEventListener('abort', onAbort, { once: true });
    void stream.ended
      .catch(() => undefined)
      .finally(() => signal?.removeEventListener('abort', onAbort));
    return { result, stream };
  }

  /** Ends the channel at once: every call and stream fails with what `reason` says. */
  destroy(reason: Error): void {
    if (this.#failure !== null) return;
    this.#failure = reason;
    this.#keepalive?.stop();
    this.#sender.flush();
    this.#duplex.destroy();
    const calls = [...this.#calls.values()];
    this.#calls.clear();
    for (const call of calls) call.fail(this.#closedError(call.sent));
    this.#streams.failAll(this.#closedError(true));
    this.#closed.resolve(reason);
  }

  #closedError(outcomeUnknown: boolean): ConnectionClosedError {
    const text = this.#failure?.message ?? 'the connection is closed';
    return new ConnectionClosedError(text, { outcomeUnknown, cause: this.#failure });
  }

  #watch(options: KeepaliveOptions): Keepalive {
    return new Keepalive(options, {
      ping: () => this.#sender.sendNow(pingPacket),
      onDead: (error) => this.destroy(error),
      paused: () => this.#paused,
      busy: () => this.#calls.size - this.#heavy.waiting >= DAEMON_SLOTS,
    });
  }

  #submit<A, R>(
    procedure: Procedure<A, R>,
    args: A,
    options: CallOptions,
    resolve: (result: R) => void,
    reject: (error: unknown) => void,
  ): number {
    options.signal?.throwIfAborted();
    if (this.#failure !== null) throw this.#closedError(false);
    const serial = this.#nextSerial();
    const packet = encodeCall(procedure, serial, args);
    const object = procedure.lane === 'heavy' ? objectOf(procedure.name, args) : null;
    const start = (): void => {
      call.sent = true;
      this.#sender.send(packet);
    };
    const call = new PendingCall({
      procedure,
      serial,
      object,
      options,
      onReply: (payload) => resolve(decodePayload(procedure.result, payload, procedure.name)),
      onFailure: reject,
      onGiveUp: () => {
        if (this.#heavy.cancel(object, start)) this.#forget(serial);
        else this.#heavy.leave(object);
      },
    });
    this.#calls.set(serial, call);
    if (procedure.lane === 'quick') start();
    else this.#heavy.take(object, start);
    return serial;
  }

  #nextSerial(): number {
    do this.#serial = this.#serial === 0xffff_ffff ? 1 : this.#serial + 1;
    while (this.#calls.has(this.#serial) || this.#streams.has(this.#serial));
    return this.#serial;
  }

  #forget(serial: number): void {
    this.#calls.delete(serial);
    this.#streams.forget(serial);
  }

  #setPaused(paused: boolean): void {
    if (!this.#options.pausable || paused === this.#paused) return;
    // A reply that is awaited can be behind the data.
    if (paused && this.#calls.size > 0) return;
    this.#paused = paused;
    if (paused) this.#duplex.pause();
    else this.#duplex.resume();
  }

  #onData(chunk: Buffer): void {
    if (this.#failure !== null) return;
    this.#keepalive?.heard();
    try {
      this.#parser.push(chunk);
    } catch (error) {
      this.destroy(error instanceof Error ? error : new Error(String(error)));
    }
  }

  #onPacket(packet: Packet): void {
    if (this.#failure !== null) return;
    if (isKeepalive(packet)) {
      if (isPing(packet)) this.#sender.sendNow(pongPacket);
      return;
    }
    switch (packet.type) {
      case PacketType.REPLY:
        this.#onReply(packet);
        break;
      case PacketType.STREAM:
      case PacketType.STREAM_HOLE:
        this.#streams.receive(packet);
        break;
      case PacketType.MESSAGE:
        this.#options.onMessage(packet);
        break;
      default:
        throw new ProtocolError(
          'unexpected-packet',
          `the daemon sent a packet of type ${packet.type}, which only clients send`,
        );
    }
  }

  #onReply(packet: Packet): void {
    const call = this.#calls.get(packet.serial);
    if (call === undefined || !belongsTo(packet, call.procedure)) {
      const text = `the daemon answered call ${packet.serial} (procedure ${packet.procedure}), which was not made`;
      throw new ProtocolError('unexpected-packet', text);
    }
    this.#calls.delete(packet.serial);
    if (call.procedure.lane !== 'quick') this.#heavy.release();
    if (!call.isZombie) this.#heavy.leave(call.object);
    if (packet.status === PacketStatus.ERROR) {
      this.#streams.forget(packet.serial);
      call.fail(readError(packet, call.procedure));
    } else if (call.isZombie) {
      this.#streams.abandon(packet.serial);
    } else {
      call.succeed(packet.payload);
    }
  }
}

function belongsTo(packet: Packet, procedure: AnyProcedure): boolean {
  return packet.program === procedure.program && packet.procedure === procedure.number;
}

function readError(packet: Packet, procedure: AnyProcedure): Error {
  try {
    const error = decodePayload(remoteError, packet.payload, `error of ${procedure.name}`);
    return new LibvirtError(error, procedure.name);
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}
