import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { type WebSocket, WebSocketServer } from 'ws';

const BINARY = 'qemu-system-x86_64';

export type Protocol = 'spice' | 'vnc';

/** Why no guest with such a display can be run here; null when it can. */
export function whyNoDisplay(protocol: Protocol): string | null {
  const { status, stderr, error } = spawnSync(BINARY, [`-${protocol}`, 'help'], {
    encoding: 'utf8',
  });
  if (error) return `${BINARY} is not installed`;
  return /invalid option|not available|disabled/.test(stderr)
    ? `${BINARY} ${status}: ${stderr}`
    : null;
}

async function connectWhenThere(path: string): Promise<Socket> {
  const deadline = Date.now() + 20_000;
  for (;;) {
    const socket = connect(path);
    try {
      await once(socket, 'connect');
      return socket;
    } catch (thrown) {
      if (Date.now() > deadline) throw thrown;
      await delay(50);
    }
  }
}

const display = {
  spice: (path: string) => ['-vga', 'qxl', '-spice', `unix=on,addr=${path},password-secret=ticket`],
  vnc: (path: string) => ['-vga', 'std', '-vnc', `unix:${path},password-secret=ticket`],
};

/** A guest that shows its firmware's screen, behind a WebSocket relay such as Berth's own. */
export class DisplayGuest {
  readonly url: string;
  readonly password: string;
  readonly events: string[] = [];
  readonly #folder: string;
  readonly #qemu: ChildProcess;
  readonly #relay: WebSocketServer;
  #qmp: Socket | null = null;

  private constructor(
    folder: string,
    qemu: ChildProcess,
    relay: WebSocketServer,
    password: string,
  ) {
    this.#folder = folder;
    this.#qemu = qemu;
    this.#relay = relay;
    this.password = password;
    const address = relay.address();
    this.url = `ws://127.0.0.1:${typeof address === 'object' ? address?.port : ''}/`;
  }

  static async start(protocol: Protocol): Promise<DisplayGuest> {
    const folder = await mkdtemp(join(tmpdir(), 'berth-display-'));
    // VNC's are cut to eight characters.
    const password = 'for-test';
    const socket = join(folder, 'display');
    const qmp = join(folder, 'qmp');
    const qemu = spawn(
      BINARY,
      [
        ...['-accel', 'tcg', '-m', '64', '-nodefaults', '-display', 'none'],
        ...['-object', `secret,id=ticket,data=${password}`],
        ...display[protocol](socket),
        ...['-qmp', `unix:${qmp},server=on,wait=off`],
      ],
      { stdio: 'ignore' },
    );
    const relay = new WebSocketServer({ host: '127.0.0.1', port: 0 });
    relay.on('connection', (client) => relayTo(client, socket));
    await once(relay, 'listening');
    const guest = new DisplayGuest(folder, qemu, relay, password);
    await guest.#listen(qmp);
    return guest;
  }

  /** Machine protocol: greeting, negotiation, then events such as RESET. */
  async #listen(path: string): Promise<void> {
    const socket = await connectWhenThere(path);
    this.#qmp = socket;
    socket.write('{"execute":"qmp_capabilities"}\n');
    createInterface({ input: socket }).on('line', (line) => {
      const message: unknown = JSON.parse(line);
      if (typeof message === 'object' && message !== null && 'event' in message) {
        this.events.push(String(message.event));
      }
    });
  }

  /** Drops the viewers, as a broken link does. */
  dropViewers(): void {
    for (const client of this.#relay.clients) client.terminate();
  }

  async stop(): Promise<void> {
    this.dropViewers();
    this.#relay.close();
    this.#qmp?.destroy();
    if (this.#qemu.exitCode === null && this.#qemu.signalCode === null) {
      this.#qemu.kill('SIGKILL');
      await once(this.#qemu, 'exit');
    }
    await rm(this.#folder, { recursive: true, force: true });
  }
}

function relayTo(client: WebSocket, path: string): void {
  const server = connect(path);
  client.on('message', (data: Buffer) => server.write(data));
  server.on('data', (data) => client.send(data));
  client.on('close', () => server.destroy());
  server.on('close', () => client.close());
  server.on('error', () => client.close());
  client.on('error', () => server.destroy());
}
