import { Buffer } from 'node:buffer';
import { once } from 'node:events';
import { rm } from 'node:fs/promises';
import net from 'node:net';
import { remoteError } from '../../src/wire/handles.ts';
import { pingPacket } from '../../src/wire/keepalive-packets.ts';
import {
  HEADER_BYTES,
  type Packet,
  PacketStatus,
  PacketType,
  Program,
  writeHeader,
} from '../../src/wire/packet.ts';
import { PacketParser } from '../../src/wire/packet-parser.ts';
import type { Procedure } from '../../src/wire/procedure.ts';
import { host } from '../../src/wire/procedures/host.ts';
import { streamHole } from '../../src/wire/stream-hole.ts';
import {
  allEvents,
  edge,
  encoded,
  mutate,
  pieces,
  plausibleBytes,
  plausibleValue,
  type Random,
} from './corpus.ts';

/** The steps of opening: answered well most times, else nothing behind them would be reached. */
const OPENING: ReadonlySet<number> = new Set([
  host.AUTH_LIST.number,
  host.CONNECT_OPEN.number,
  host.CONNECT_SUPPORTS_FEATURE.number,
]);
const FLOOD = 2_000;

type Prank = (client: HostileClient, call: Packet) => void;

/** What it does instead of answering, or besides. */
const PRANKS: Readonly<Record<string, Prank>> = {
  answers: (client, call) => client.reply(call),
  'answers nonsense': (client, call) => client.reply(call, (bytes) => mutate(client.random, bytes)),
  'answers twice': (client, call) => {
    client.reply(call);
    client.reply(call);
  },
  'answers another call': (client, call) =>
    client.reply({
      ...call,
      serial: client.random(2) === 0 ? call.serial + 1 : edge(client.random),
    }),
  'answers another procedure': (client, call) =>
    client.reply({ ...call, procedure: edge(client.random) | 0 }),
  refuses: (client, call) => client.refuse(call),
  'refuses in nonsense': (client, call) =>
    client.refuse(call, (bytes) => mutate(client.random, bytes)),
  'says nothing': () => undefined,
  'answers late': (client, call) =>
    void setTimeout(() => client.reply(call), client.random(40)).unref(),
  'streams before it answers': (client, call) => {
    client.stream(call);
    client.reply(call);
  },
  streams: (client, call) => {
    client.reply(call);
    for (let times = client.random(8); times >= 0; times--) client.stream(call);
  },
  'streams many small pieces': (client, call) => {
    client.reply(call);
    const { STREAM } = PacketType;
    const one = client.packet(call, STREAM, PacketStatus.CONTINUE, Buffer.from('x'));
    client.send(Buffer.concat(Array.from({ length: FLOOD }, () => one)));
  },
  'digs holes': (client, call) => {
    client.reply(call);
    const length = [0, -1, 1_000_000, -0x1000_0000, 4_096][client.random(5)] ?? 0;
    const hole = encoded(streamHole, { length, flags: edge(client.random) });
    const { STREAM_HOLE } = PacketType;
    const one = client.packet(call, STREAM_HOLE, PacketStatus.CONTINUE, hole);
    client.send(Buffer.concat(Array.from({ length: 1 + client.random(FLOOD) }, () => one)));
  },
  'lies about a length': (client, call) => {
    const packet = client.packet(call, PacketType.REPLY, 0, Buffer.alloc(client.random(64)));
    packet.writeUInt32BE(edge(client.random), 0);
    client.send(packet);
  },
  'tells of events': (client, call) => {
    for (let times = client.random(20); times >= 0; times--) client.event();
    client.reply(call);
  },
  'storms with events': (client, call) => {
    const burst = Array.from({ length: FLOOD / 10 }, () => client.eventPacket());
    client.send(Buffer.concat(burst));
    client.reply(call);
  },
  'storms with pings and reads nothing': (client, call) => {
    client.deafen();
    client.send(Buffer.concat(Array.from({ length: FLOOD }, () => pingPacket)));
    client.reply(call);
  },
  'sends rubbish': (client) => client.send(plausibleBytes(client.random, 4 * client.random(256))),
  'sends a packet of any kind': (client, call) => {
    const type = client.random(9) - 1;
    client.send(client.packet(call, type, client.random(5) - 1, plausibleBytes(client.random, 64)));
  },
  'hangs up': (client) => client.end(false),
  'hangs up in the middle': (client, call) => {
    client.reply(call, (bytes) => bytes.subarray(0, bytes.length / 2));
    client.end(true);
  },
  'goes deaf': (client) => client.deafen(),
};
const NAMES = Object.keys(PRANKS);

class HostileClient {
  readonly #socket: net.Socket;
  readonly #daemon: HostileDaemon;
  readonly random: Random;

  constructor(socket: net.Socket, daemon: HostileDaemon) {
    this.#socket = socket;
    this.#daemon = daemon;
    this.random = daemon.random;
    const parser = new PacketParser((packet) => this.#onPacket(packet));
    socket.on('data', (chunk: Buffer) => parser.push(chunk));
    socket.on('error', () => undefined);
  }

  #onPacket(packet: Packet): void {
    if (packet.type === PacketType.STREAM && this.random(3) > 0) {
      if (packet.status !== PacketStatus.CONTINUE) {
        this.send(this.packet(packet, PacketType.STREAM, PacketStatus.OK, Buffer.alloc(0)));
      }
      return;
    }
    if (packet.type !== PacketType.CALL && this.random(4) > 0) return;
    const opening = OPENING.has(packet.procedure) && packet.program === Program.REMOTE;
    const good = opening ? this.random(8) > 0 : this.random(3) === 0;
    const bad = this.random(5) === 0 ? 'refuses' : (NAMES[this.random(NAMES.length)] ?? 'refuses');
    const name = good ? 'answers' : bad;
    this.#daemon.pranks.set(name, (this.#daemon.pranks.get(name) ?? 0) + 1);
    PRANKS[name]?.(this, packet);
  }

  packet(call: Packet, type: number, status: number, payload: Uint8Array): Buffer {
    const packet = Buffer.alloc(HEADER_BYTES + payload.length);
    writeHeader(packet, { ...call, type, status }, payload.length);
    packet.set(payload, HEADER_BYTES);
    return packet;
  }

  reply(call: Packet, change = (bytes: Buffer): Buffer => bytes): void {
    const procedure = this.#daemon.procedure(call);
    let payload: Buffer = Buffer.alloc(0);
    if (procedure?.name === 'AUTH_LIST') payload = Buffer.alloc(4);
    else if (procedure !== undefined) {
      const found = plausibleValue(procedure.result, this.random);
      if (found !== undefined) payload = encoded(procedure.result, found.value);
    }
    this.send(this.packet(call, PacketType.REPLY, PacketStatus.OK, change(payload)));
  }

  refuse(call: Packet, change = (bytes: Buffer): Buffer => bytes): void {
    const error = plausibleValue(remoteError, this.random);
    const payload = error === undefined ? Buffer.alloc(64) : encoded(remoteError, error.value);
    this.send(this.packet(call, PacketType.REPLY, PacketStatus.ERROR, change(payload)));
  }

  stream(call: Packet): void {
    const status = [2, 2, 2, 2, 0, 1][this.random(6)] ?? 2;
    const data = Buffer.alloc(this.random(4) === 0 ? 0 : this.random(100_000));
    this.send(this.packet(call, PacketType.STREAM, status, data));
  }

  eventPacket(): Buffer {
    const event = allEvents[this.random(allEvents.length)];
    const found = event === undefined ? undefined : plausibleValue(event.payload, this.random);
    if (event === undefined || found === undefined) return pingPacket;
    const payload = encoded(event.payload, found.value);
    const header = { program: Program.REMOTE, procedure: event.message, serial: 1 };
    const empty = { ...header, type: 2, status: 0, payload: Buffer.alloc(0) };
    const body = this.random(12) === 0 ? mutate(this.random, payload) : payload;
    return this.packet(empty, PacketType.MESSAGE, PacketStatus.OK, body);
  }

  event(): void {
    this.send(this.eventPacket());
  }

  send(bytes: Buffer): void {
    if (!this.#socket.writable || this.#socket.writableLength > 1 << 20) return;
    if (bytes.length > 4096 || this.random(3) > 0) this.#socket.write(bytes);
    else for (const piece of pieces(this.random, bytes)) this.#socket.write(piece);
  }

  deafen(): void {
    this.#socket.pause();
  }

  end(gently: boolean): void {
    if (gently) this.#socket.end();
    else this.#socket.destroy();
  }
}

/** A daemon that does everything wrong that it can think of, repeatably. */
export class HostileDaemon {
  readonly random: Random;
  /** How often it did what. */
  readonly pranks = new Map<string, number>();
  readonly #procedures: ReadonlyMap<string, Procedure<unknown, unknown>>;
  readonly #path: string;
  readonly #server: net.Server;
  readonly #sockets = new Set<net.Socket>();

  private constructor(random: Random, procedures: readonly Procedure<unknown, unknown>[]) {
    this.random = random;
    this.#procedures = new Map(procedures.map((p) => [`${p.program}:${p.number}`, p]));
    this.#path = `/tmp/lv-hostile-${process.pid}.sock`;
    this.#server = net.createServer({ allowHalfOpen: true }, (socket) => {
      this.#sockets.add(socket);
      socket.on('close', () => this.#sockets.delete(socket));
      new HostileClient(socket, this);
    });
  }

  static async start(
    random: Random,
    procedures: readonly Procedure<unknown, unknown>[],
  ): Promise<HostileDaemon> {
    const daemon = new HostileDaemon(random, procedures);
    daemon.#server.listen(daemon.#path);
    await once(daemon.#server, 'listening');
    return daemon;
  }

  get uri(): string {
    return `qemu:///system?socket=${this.#path}`;
  }

  procedure({ program, procedure }: Packet): Procedure<unknown, unknown> | undefined {
    return this.#procedures.get(`${program}:${procedure}`);
  }

  /** Cuts what is still open, which its own half-open ends may be. */
  cut(): void {
    for (const socket of this.#sockets) socket.destroy();
  }

  async stop(): Promise<void> {
    const closed = once(this.#server, 'close');
    this.#server.close();
    this.cut();
    await closed;
    await rm(this.#path, { force: true });
  }
}
