import { Buffer } from 'node:buffer';
import type net from 'node:net';
import { remoteError } from '../wire/handles.ts';
import { isKeepalive, isPing, pingPacket, pongPacket } from '../wire/keepalive-packets.ts';
import {
  HEADER_BYTES,
  type Packet,
  PacketStatus,
  PacketType,
  writeHeader,
} from '../wire/packet.ts';
import { PacketParser } from '../wire/packet-parser.ts';
import { encodePayload, type Procedure } from '../wire/procedure.ts';
import { streamHole } from '../wire/stream-hole.ts';
import { XdrReader } from '../xdr/index.ts';
import { type AnyHandler, FakeError, type FakePeer, type FakeStream } from './fake-call.ts';

/** What the connection asks of the daemon it belongs to. */
interface Host {
  readonly calls: string[];
  pongs: number;
  readonly answersPings: boolean;
  handlerFor(program: number, number: number): AnyHandler | undefined;
}

interface OpenStream {
  onData: (data: Buffer | null) => void;
  onAbort: () => void;
}

const RPC_ERROR = 39;

/** One connection of a client to the fake daemon. */
export class FakeClient implements FakePeer {
  readonly #socket: net.Socket;
  readonly #host: Host;
  readonly #streams = new Map<number, OpenStream>();

  constructor(socket: net.Socket, host: Host) {
    this.#socket = socket;
    this.#host = host;
    const parser = new PacketParser((packet) => void this.#onPacket(packet));
    socket.on('data', (chunk: Buffer) => parser.push(chunk));
    socket.on('error', () => undefined);
  }

  send(bytes: Uint8Array): void {
    if (this.#socket.writable) this.#socket.write(bytes);
  }

  ping(): void {
    this.send(pingPacket);
  }

  drop(): void {
    this.#socket.destroy();
  }

  hang(): void {
    this.#socket.pause();
  }

  async #onPacket(packet: Packet): Promise<void> {
    if (isKeepalive(packet)) this.#onKeepalive(packet);
    else if (packet.type === PacketType.CALL) await this.#onCall(packet);
    else this.#onStream(packet);
  }

  #onKeepalive(packet: Packet): void {
    if (!isPing(packet)) this.#host.pongs++;
    else if (this.#host.answersPings) this.send(pongPacket);
  }

  async #onCall({ program, procedure: number, serial, payload }: Packet): Promise<void> {
    const handler = this.#host.handlerFor(program, number);
    const target = { program, number };
    if (handler === undefined) {
      this.#reply(target, serial, new FakeError(RPC_ERROR, `unknown procedure: ${number}`));
      return;
    }
    const { procedure, handle } = handler;
    this.#host.calls.push(procedure.name);
    const stream = this.#stream(procedure, serial);
    try {
      const args = procedure.args.decode(new XdrReader(payload));
      const result = await handle(args, { client: this, serial, stream });
      const { REPLY } = PacketType;
      this.send(encodePayload(procedure, REPLY, PacketStatus.OK, serial, procedure.result, result));
    } catch (error) {
      this.#reply(target, serial, error);
    }
  }

  #reply(target: { program: number; number: number }, serial: number, error: unknown): void {
    const { error: payload } =
      error instanceof FakeError ? error : new FakeError(1, `the handler failed: ${String(error)}`);
    const { REPLY } = PacketType;
    this.send(encodePayload(target, REPLY, PacketStatus.ERROR, serial, remoteError, payload));
  }

  #onStream(packet: Packet): void {
    const open = this.#streams.get(packet.serial);
    if (open === undefined) return;
    if (packet.status === PacketStatus.CONTINUE && packet.type === PacketType.STREAM) {
      open.onData(Buffer.from(packet.payload));
      return;
    }
    if (packet.type === PacketType.STREAM_HOLE) {
      const { length } = streamHole.decode(new XdrReader(packet.payload));
      open.onData(Buffer.alloc(length));
      return;
    }
    this.#streams.delete(packet.serial);
    if (packet.status === PacketStatus.ERROR) open.onAbort();
    else open.onData(null);
    this.#sendStream(packet, PacketStatus.OK, Buffer.alloc(0));
  }

  #sendStream(
    { program, procedure, serial }: Pick<Packet, 'program' | 'procedure' | 'serial'>,
    status: number,
    data: Uint8Array,
  ): void {
    const packet = Buffer.alloc(HEADER_BYTES + data.length);
    const header = { program, procedure, type: PacketType.STREAM, serial, status };
    writeHeader(packet, header, data.length);
    packet.set(data, HEADER_BYTES);
    this.send(packet);
  }

  #stream(procedure: Procedure<unknown, unknown>, serial: number): FakeStream {
    const open: OpenStream = { onData: () => undefined, onAbort: () => undefined };
    if (procedure.stream !== null) this.#streams.set(serial, open);
    const where = { program: procedure.program, procedure: procedure.number, serial };
    const { STREAM, STREAM_HOLE } = PacketType;
    const aborted = new Promise<void>((resolve) => {
      open.onAbort = resolve;
    });
    const socket = this.#socket;
    return {
      aborted,
      get backlog() {
        return socket.writableLength;
      },
      send: (data) => this.#sendStream(where, PacketStatus.CONTINUE, data),
      sendHole: (length) => {
        const hole = { length, flags: 0 };
        this.send(
          encodePayload(procedure, STREAM_HOLE, PacketStatus.CONTINUE, serial, streamHole, hole),
        );
      },
      fail: ({ error }) => {
        this.#streams.delete(serial);
        this.send(encodePayload(procedure, STREAM, PacketStatus.ERROR, serial, remoteError, error));
      },
      onData: (listener) => {
        open.onData = listener;
      },
    };
  }
}
