import { Buffer } from 'node:buffer';
import { remoteError } from '../wire/handles.ts';
import { LibvirtError } from '../wire/libvirt-error.ts';
import {
  emptyPacket,
  HEADER_BYTES,
  type Packet,
  PacketStatus,
  PacketType,
  writeHeader,
} from '../wire/packet.ts';
import { type AnyProcedure, decodePayload, encodePayload } from '../wire/procedure.ts';
import { ProtocolError } from '../wire/protocol-error.ts';
import { streamHole } from '../wire/stream-hole.ts';
import type { PacketSender } from './packet-sender.ts';
import { RpcStream } from './rpc-stream.ts';

interface Entry {
  readonly procedure: AnyProcedure;
  readonly stream: RpcStream;
}

/** The streams of one channel, found by the serial of the call that opened them. */
export class StreamTable {
  readonly #sender: PacketSender;
  readonly #setPaused: (paused: boolean) => void;
  readonly #entries = new Map<number, Entry>();

  constructor(sender: PacketSender, setPaused: (paused: boolean) => void) {
    this.#sender = sender;
    this.#setPaused = setPaused;
  }

  has(serial: number): boolean {
    return this.#entries.has(serial);
  }

  open(procedure: AnyProcedure, serial: number): RpcStream {
    const packet = (status: number) => ({
      program: procedure.program,
      procedure: procedure.number,
      type: PacketType.STREAM,
      serial,
      status,
    });
    const stream = new RpcStream({
      sendData: (data) => {
        const header = Buffer.allocUnsafe(HEADER_BYTES);
        writeHeader(header, packet(PacketStatus.CONTINUE), data.length);
        return this.#sender.sendBulk(header, data);
      },
      sendHole: (length) => {
        const { STREAM_HOLE } = PacketType;
        const hole = { length, flags: 0 };
        return this.#sender.sendWhole(
          encodePayload(procedure, STREAM_HOLE, PacketStatus.CONTINUE, serial, streamHole, hole),
        );
      },
      sendEnd: (status) => this.#sender.send(emptyPacket(packet(status))),
      setPaused: this.#setPaused,
      onDone: () => this.#entries.delete(serial),
    });
    this.#entries.set(serial, { procedure, stream });
    return stream;
  }

  /** The call was refused: there is no stream. */
  forget(serial: number): void {
    this.#entries.delete(serial);
  }

  /** The stream was opened, but its caller no longer waits for it. */
  abandon(serial: number): void {
    void this.#entries.get(serial)?.stream.abort();
  }

  failAll(error: Error): void {
    for (const { stream } of [...this.#entries.values()]) stream.fail(error);
  }

  /** Data of streams that are over can still be under way: it is dropped. */
  receive(packet: Packet): void {
    const entry = this.#entries.get(packet.serial);
    if (entry === undefined) return;
    const { procedure, stream } = entry;
    if (packet.status === PacketStatus.ERROR) {
      const error = decodePayload(remoteError, packet.payload, `stream error of ${procedure.name}`);
      stream.fail(new LibvirtError(error, procedure.name));
    } else if (packet.status === PacketStatus.OK) {
      stream.confirm();
    } else if (packet.type === PacketType.STREAM_HOLE) {
      stream.receiveHole(readHole(packet.payload));
    } else {
      stream.receive(packet.payload);
    }
  }
}

function readHole(payload: Buffer): number {
  const { length } = decodePayload(streamHole, payload, 'stream hole');
  if (length >= 0) return length;
  throw new ProtocolError('bad-payload', `the daemon sent a hole of ${length} bytes`);
}
