import { randomBytes } from 'node:crypto';
import { rm } from 'node:fs/promises';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import type { EventDefinition } from '../wire/events.ts';
import { PacketStatus, PacketType } from '../wire/packet.ts';
import { encodePayload, type Procedure } from '../wire/procedure.ts';
import { eventRegistration, qemuEventRegistration } from '../wire/procedures/event.ts';
import { host } from '../wire/procedures/host.ts';
import type { AnyHandler, FakeHandler } from './fake-call.ts';
import { FakeClient } from './fake-client.ts';

/**
 * A libvirt daemon without libvirt, for tests: it listens on a UNIX socket, speaks the real protocol
 * and answers what it was told to. It opens connections and takes event registrations by itself;
 * everything else is "unknown procedure" until {@link on} says otherwise.
 */
export class FakeDaemon {
  readonly socketPath: string;
  readonly #server: net.Server;
  readonly #handlers = new Map<string, AnyHandler>();
  readonly #clients = new Set<FakeClient>();
  /** Names of the procedures called, in order, over all connections. */
  readonly calls: string[] = [];
  /** How many pongs clients have sent. */
  pongs = 0;
  /** Whether pings are answered. */
  answersPings = true;
  #connections = 0;

  private constructor(socketPath: string) {
    this.socketPath = socketPath;
    this.#server = net.createServer((socket) => this.#accept(socket));
    this.#behaveLikeADaemon();
  }

  static async start(socketPath?: string): Promise<FakeDaemon> {
    const name = `lv-fake-${process.pid}-${randomBytes(4).toString('hex')}.sock`;
    const daemon = new FakeDaemon(socketPath ?? path.join(os.tmpdir(), name));
    await daemon.#listen();
    return daemon;
  }

  /** A URI that leads here. */
  get uri(): string {
    return `qemu:///system?socket=${this.socketPath}`;
  }

  /** Connections accepted so far. */
  get connectionCount(): number {
    return this.#connections;
  }

  /** Connections open now. */
  get clients(): readonly FakeClient[] {
    return [...this.#clients];
  }

  /** Scripts the answer to a procedure; the last one said counts. */
  on<A, R>(procedure: Procedure<A, R>, handle: FakeHandler<A, R>): this {
    this.#handlers.set(`${procedure.program}:${procedure.number}`, { procedure, handle });
    return this;
  }

  handlerFor(program: number, number: number): AnyHandler | undefined {
    return this.#handlers.get(`${program}:${number}`);
  }

  /** Sends an event to every client that has opened a connection. */
  emit<T>(definition: EventDefinition<T>, payload: T): void {
    const message = { program: definition.program, number: definition.message };
    const packet = encodePayload(
      message,
      PacketType.MESSAGE,
      PacketStatus.OK,
      1,
      definition.payload,
      payload,
    );
    for (const client of this.#clients) client.send(packet);
  }

  /** Cuts every connection, as a daemon that was killed. It goes on listening. */
  dropClients(): void {
    for (const client of [...this.#clients]) client.drop();
  }

  /** Stops listening and cuts every connection; {@link restart} brings it back. */
  async stop(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    this.dropClients();
    await closed;
    await rm(this.socketPath, { force: true });
  }

  async restart(): Promise<void> {
    await this.#listen();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }

  #listen(): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen(this.socketPath, () => {
        this.#server.off('error', reject);
        resolve();
      });
    });
  }

  #accept(socket: net.Socket): void {
    this.#connections++;
    const client = new FakeClient(socket, this);
    this.#clients.add(client);
    socket.on('close', () => this.#clients.delete(client));
  }

  #behaveLikeADaemon(): void {
    this.on(host.AUTH_LIST, () => ({ types: [0] }));
    this.on(host.CONNECT_OPEN, () => undefined);
    this.on(host.CONNECT_CLOSE, () => undefined);
    this.on(host.CONNECT_SUPPORTS_FEATURE, () => ({ supported: true }));
    let callbackID = 0;
    const registration: Record<string, Procedure<unknown, unknown>> = {
      ...eventRegistration,
      ...qemuEventRegistration,
    };
    for (const [name, procedure] of Object.entries(registration)) {
      const register = (): unknown => ({ callbackID: callbackID++ });
      this.on(procedure, name.includes('DEREGISTER') ? () => undefined : register);
    }
  }
}
