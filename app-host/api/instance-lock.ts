import { spawnSync } from 'node:child_process';
import { closeSync, ftruncateSync, mkdirSync, openSync, readFileSync, writeSync } from 'node:fs';
import { createConnection, createServer, type Server, type Socket } from 'node:net';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { type Json, pack, unpack } from '../bridge/codec.ts';
import { runtimeFolder } from '../runtime-folder.ts';

type Listener = (argv: string[], directory: string, data: unknown) => void;

const messageLimit = 1024 * 1024;
const deliveryTimeout = 3_000;

/**
 * Electron's single-instance lock: an flock(2) on a file in `userData`, which the kernel gives back however the
 * holder ends, and a UNIX socket on which later instances hand their command line to the first.
 */
export class InstanceLock {
  readonly #listener: Listener;
  #file: number | undefined;
  #server: Server | undefined;
  /** Fulfilled when the first instance has been told, or cannot be. */
  delivered: Promise<void> = Promise.resolve();

  constructor(listener: Listener) {
    this.#listener = listener;
  }

  get held(): boolean {
    return this.#file !== undefined;
  }

  acquire(userData: string, data: unknown): boolean {
    if (this.held) return true;
    mkdirSync(userData, { recursive: true, mode: 0o700 });
    const path = join(userData, 'instance.lock');
    const file = openSync(path, 'a+', 0o600);
    if (!lockFile(file)) {
      closeSync(file);
      const message = pack([process.argv, process.cwd(), data]);
      this.delivered = deliver(path, message).catch((error: unknown) => {
        console.error('The running instance could not be told:', error);
      });
      return false;
    }
    this.#file = file;
    this.#listen(file);
    return true;
  }

  release(): void {
    this.#server?.close();
    if (this.#file !== undefined) closeSync(this.#file);
    this.#server = this.#file = undefined;
  }

  /** Not below `userData`: a path there may be too long for a socket. */
  #listen(file: number): void {
    const path = join(runtimeFolder(), 'instance');
    this.#server = createServer({ allowHalfOpen: true }, (socket) =>
      receive(socket, this.#listener),
    );
    this.#server.listen(path).unref();
    ftruncateSync(file);
    writeSync(file, path);
  }
}

/** The lock belongs to the open file, which flock(1) inherits from us and leaves locked. */
function lockFile(file: number): boolean {
  const run = spawnSync('flock', ['--exclusive', '--nonblock', '3'], {
    stdio: ['ignore', 'ignore', 'ignore', file],
    timeout: deliveryTimeout,
  });
  if (run.error) throw run.error;
  return run.status === 0;
}

function receive(socket: Socket, listener: Listener): void {
  let text = '';
  socket.setEncoding('utf8').setTimeout(deliveryTimeout, () => socket.destroy());
  socket.on('error', () => socket.destroy());
  socket.on('data', (chunk: string) => {
    text += chunk;
    if (text.length > messageLimit) socket.destroy();
  });
  socket.on('end', () => {
    socket.end('ok');
    const message = parseMessage(text);
    if (message) listener(...message);
  });
}

function parseMessage(text: string): [string[], string, unknown] | undefined {
  try {
    const message = unpack(JSON.parse(text));
    if (!Array.isArray(message) || !Array.isArray(message[0])) return undefined;
    return [message[0].map(String), String(message[1]), message[2]];
  } catch {
    return undefined;
  }
}

/** The holder may still be opening its socket. */
async function deliver(path: string, message: Json): Promise<void> {
  const deadline = Date.now() + deliveryTimeout;
  for (;;) {
    try {
      return await send(readFileSync(path, 'utf8'), JSON.stringify(message));
    } catch (error) {
      if (Date.now() > deadline) throw error;
      await delay(50);
    }
  }
}

function send(socketPath: string, text: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = createConnection({ path: socketPath });
    socket.setTimeout(deliveryTimeout, () => socket.destroy(new Error('timeout')));
    socket.on('error', reject);
    socket.on('close', () => resolve());
    socket.resume();
    socket.end(text);
  });
}
