import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { request } from 'node:http';
import { createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import WebSocket from 'ws';
import {
  type ConsoleRelay,
  type ConsoleTarget,
  createConsoleRelay,
} from '../../../src-main/adapters/console/index.ts';
import type { Log } from '../../../src-main/core/ports/system.ts';

vi.setConfig({ testTimeout: 30_000 });

const ORIGIN = 'berth://app';
const MIB = 1024 * 1024;
const patience = { timeout: 60_000, interval: 20 };

let dir: string;
let relay: ConsoleRelay;
let display: Display;
const clients: WebSocket[] = [];
const log: Log = { info: vi.fn(), warn: vi.fn(), error: vi.fn() };

beforeEach(async () => {
  dir = mkdtempSync(join(tmpdir(), 'berth-console-'));
  relay = createConsoleRelay({ log });
  display = await Display.listen();
});
afterEach(async () => {
  for (const client of clients.splice(0)) client.terminate();
  await relay.closeAll();
  await display.close();
  rmSync(dir, { recursive: true, force: true });
});

/** A display that echoes, or does what the test says. */
class Display {
  readonly connections: Socket[] = [];
  readonly #server: Server;

  private constructor(server: Server) {
    this.#server = server;
  }

  static async listen(path?: string, serve = echo): Promise<Display> {
    const server = createServer();
    const made = new Display(server);
    server.on('connection', (socket) => {
      made.connections.push(socket);
      socket.on('error', () => undefined);
      serve(socket);
    });
    if (path) server.listen(path);
    else server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return made;
  }

  get target(): ConsoleTarget {
    const address = this.#server.address();
    if (typeof address === 'string') return { kind: 'unix', path: address };
    return { kind: 'tcp', host: '127.0.0.1', port: address?.port ?? 0 };
  }

  async close(): Promise<void> {
    for (const socket of this.connections) socket.destroy();
    if (!this.#server.listening) return;
    const closed = once(this.#server, 'close');
    this.#server.close();
    await closed;
  }
}

function echo(socket: Socket): void {
  socket.pipe(socket);
}

function dial(url: string, options: { origin?: string; protocols?: string[]; host?: string } = {}) {
  const { origin = ORIGIN, protocols = ['binary'], host } = options;
  const headers = { ...(origin && { origin }), ...(host && { host }) };
  const client = new WebSocket(url, protocols, { headers });
  client.on('error', () => undefined);
  clients.push(client);
  return client;
}

async function connectTo(url: string): Promise<WebSocket> {
  const client = dial(url);
  await once(client, 'open');
  return client;
}

/** Status of a refused upgrade. */
async function refusal(url: string, options: Parameters<typeof dial>[1] = {}): Promise<unknown> {
  const client = dial(url, options);
  const [, response] = await Promise.race([
    once(client, 'unexpected-response'),
    once(client, 'open').then(() => [null, { statusCode: 'opened' }]),
  ]);
  return response.statusCode;
}

async function exchange(client: WebSocket, text: string): Promise<string> {
  client.send(Buffer.from(text));
  const [data] = await once(client, 'message');
  return String(data);
}

describe('the console relay', () => {
  it('carries bytes to a TCP display and back', async () => {
    const { url, token } = await relay.ticket(display.target, [ORIGIN]);
    expect(url).toMatch(/^ws:\/\/127\.0\.0\.1:\d+\/console\/[A-Za-z0-9_-]{43}$/);
    expect(url.endsWith(token)).toBe(true);
    const client = await connectTo(url);
    expect(client.protocol).toBe('binary');
    expect(await exchange(client, 'hello ☃')).toBe('hello ☃');
  });

  it('carries bytes to a UNIX display, also without a subprotocol', async () => {
    const other = await Display.listen(join(dir, 'spice.sock'));
    const { url } = await relay.ticket(other.target, [ORIGIN]);
    const client = dial(url, { protocols: [] });
    await once(client, 'open');
    expect(client.protocol).toBe('');
    expect(await exchange(client, 'x')).toBe('x');
    await other.close();
  });

  it('delivers what is sent before the display has answered', async () => {
    const { url } = await relay.ticket(display.target, [ORIGIN]);
    const client = dial(url);
    client.once('open', () => client.send(Buffer.from('early')));
    const [data] = await once(client, 'message');
    expect(String(data)).toBe('early');
  });

  it('delivers megabytes in order in both directions', async () => {
    const { url } = await relay.ticket(display.target, [ORIGIN]);
    const client = await connectTo(url);
    const sent = Buffer.alloc(20 * MIB, 'The quick brown fox. ');
    const parts: Buffer[] = [];
    client.on('message', (data) => parts.push(data as Buffer));
    for (let at = 0; at < sent.length; at += MIB) client.send(sent.subarray(at, at + MIB));
    await vi.waitFor(() => expect(size(parts)).toBe(sent.length), patience);
    expect(Buffer.concat(parts).equals(sent)).toBe(true);
  });
});

describe('a ticket', () => {
  it('admits twelve connections and no more', async () => {
    const { url } = await relay.ticket(display.target, [ORIGIN]);
    for (let count = 0; count < 12; count += 1) await connectTo(url);
    expect(await refusal(url)).toBe(403);
  });

  it('is dead for good when its connections have been closed for a while', async () => {
    const hasty = createConsoleRelay({ log, limits: { idleMs: 50 } });
    const { url } = await hasty.ticket(display.target, [ORIGIN]);
    const client = await connectTo(url);
    client.close();
    await once(client, 'close');
    await elapsed(1000);
    expect(await refusal(url)).toBe(403);
    expect(await refusal(url)).toBe(403);
    await hasty.closeAll();
  });

  it('refuses other tokens, paths, origins and hosts alike, and the right page still gets in', async () => {
    const { url, token } = await relay.ticket(display.target, [ORIGIN, 'file://']);
    const base = url.slice(0, -token.length);
    const changed = (token.startsWith('A') ? 'B' : 'A') + token.slice(1);
    const refusals = [
      await refusal(base + changed),
      await refusal(base),
      await refusal(`${base}${token}/`),
      await refusal(`${base}${token}x`),
      await refusal(url.replace('/console/', '/')),
      await refusal(`${url}?x`),
      await refusal(url, { origin: '' }),
      await refusal(url, { origin: 'null' }),
      await refusal(url, { origin: 'https://evil.example' }),
      await refusal(url, { origin: `${ORIGIN}.evil.example` }),
      await refusal(url, { host: 'evil.example' }),
    ];
    expect(new Set(refusals)).toEqual(new Set([403]));
    expect(display.connections).toHaveLength(0);
    const client = dial(url, { origin: 'file://' });
    await once(client, 'open');
  });

  it('gives nothing away to a plain request', async () => {
    const { url } = await relay.ticket(display.target, [ORIGIN]);
    const answer = await new Promise<{ status: number | undefined; body: string }>((resolve) => {
      request(url.replace('ws:', 'http:'), (response) => {
        let body = '';
        response.on('data', (chunk) => {
          body += String(chunk);
        });
        response.on('end', () => resolve({ status: response.statusCode, body }));
      }).end();
    });
    expect(answer).toEqual({ status: 403, body: '' });
  });

  it('can be revoked, which ends its connections and no others', async () => {
    const one = await relay.ticket(display.target, [ORIGIN]);
    const two = await relay.ticket(display.target, [ORIGIN]);
    const client = await connectTo(one.url);
    const other = await connectTo(two.url);
    const closed = once(client, 'close');
    relay.revoke(one.token);
    relay.revoke('unknown');
    await closed;
    expect(await refusal(one.url)).toBe(403);
    expect(await exchange(other, 'x')).toBe('x');
  });

  it('is refused when there are too many', async () => {
    for (let count = 0; count < 64; count += 1) await relay.ticket(display.target, [ORIGIN]);
    await expect(relay.ticket(display.target, [ORIGIN])).rejects.toMatchObject({
      code: 'console_limit',
    });
  });
});

describe('the end of a connection', () => {
  it('comes from the display, after everything that it has sent', async () => {
    const bye = Buffer.alloc(3 * MIB, 7);
    const other = await Display.listen(undefined, (socket) => socket.end(bye));
    const { url } = await relay.ticket(other.target, [ORIGIN]);
    const parts: Buffer[] = [];
    const client = dial(url);
    client.on('message', (data) => parts.push(data as Buffer));
    const [code] = await once(client, 'close');
    expect(code).toBe(1000);
    expect(size(parts)).toBe(bye.length);
    await other.close();
  });

  it('comes from the browser, politely or not', async () => {
    const { url } = await relay.ticket(display.target, [ORIGIN]);
    const polite = await connectTo(url);
    await exchange(polite, 'x');
    const rude = await connectTo(url);
    await exchange(rude, 'x');
    const gone = display.connections.map((socket) => once(socket, 'close'));
    polite.close();
    rude.terminate();
    await Promise.all(gone);
    expect(gone).toHaveLength(2);
  });

  it('comes at once when the display cannot be reached', async () => {
    const { url } = await relay.ticket({ kind: 'unix', path: join(dir, 'none') }, [ORIGIN]);
    const [code, reason] = await once(dial(url), 'close');
    expect(code).toBe(1011);
    expect(String(reason)).toBe('display unreachable');
  });

  it('comes for text and for messages that are too large', async () => {
    const { url } = await relay.ticket(display.target, [ORIGIN]);
    const texting = await connectTo(url);
    texting.send('text');
    expect((await once(texting, 'close'))[0]).toBe(1003);
    const large = await connectTo(url);
    large.send(Buffer.alloc(5 * MIB));
    expect((await once(large, 'close'))[0]).toBe(1009);
  });

  it('comes for all with closeAll, and a new ticket starts anew', async () => {
    const before = await relay.ticket(display.target, [ORIGIN]);
    const client = await connectTo(before.url);
    const closed = once(client, 'close');
    await relay.closeAll();
    await closed;
    await relay.closeAll();
    const after = await relay.ticket(display.target, [ORIGIN]);
    expect(await exchange(await connectTo(after.url), 'x')).toBe('x');
    expect(await refusal(after.url.replace(after.token, before.token))).toBe(403);
  });
});

describe('back-pressure', () => {
  it('holds back a display whose browser does not read', async () => {
    let produced = 0;
    const chunk = Buffer.alloc(64 * 1024);
    const other = await Display.listen(undefined, (socket) => {
      const fill = () => {
        while (produced < 200 * MIB) {
          produced += chunk.length;
          if (!socket.write(chunk)) return;
        }
        socket.end();
      };
      socket.on('drain', fill);
      fill();
    });
    const { url } = await relay.ticket(other.target, [ORIGIN]);
    const client = await connectTo(url);
    client.pause();
    await settles(() => produced);
    // What fits into the kernel's socket buffers, the relay's bound and one chunk each.
    expect(produced).toBeLessThan(40 * MIB);
    let received = 0;
    client.on('message', (data) => {
      received += (data as Buffer).length;
    });
    client.resume();
    await once(client, 'close');
    expect(received).toBe(200 * MIB);
    await other.close();
  });

  it('holds back a browser whose display does not read', async () => {
    const other = await Display.listen(undefined, (socket) => {
      socket.pause();
    });
    const { url } = await relay.ticket(other.target, [ORIGIN]);
    const client = await connectTo(url);
    for (let count = 0; count < 100; count += 1) client.send(Buffer.alloc(MIB));
    await settles(() => client.bufferedAmount);
    expect(client.bufferedAmount).toBeGreaterThan(60 * MIB);
    let received = 0;
    other.connections[0]?.on('data', (data) => {
      received += data.length;
    });
    other.connections[0]?.resume();
    await vi.waitFor(() => expect(received).toBe(100 * MIB), patience);
    await other.close();
  });

  it('does not keep a connection that closes while the display does not read', async () => {
    const other = await Display.listen(undefined, (socket) => {
      socket.pause();
    });
    const { url } = await relay.ticket(other.target, [ORIGIN]);
    const client = await connectTo(url);
    for (let count = 0; count < 50; count += 1) client.send(Buffer.alloc(MIB));
    await settles(() => client.bufferedAmount);
    const gone = once(other.connections[0]!, 'close');
    other.connections[0]?.resume();
    client.terminate();
    await gone;
    await other.close();
  });
});

function size(parts: Buffer[]): number {
  return parts.reduce((sum, part) => sum + part.length, 0);
}

/** Only to see that something has happened long ago. */
async function elapsed(ms: number): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, ms));
}

/** Until a figure has been the same in ten looks, 30 ms apart. */
async function settles(read: () => number): Promise<void> {
  let same = 0;
  let last = read();
  await vi.waitFor(
    () => {
      const now = read();
      same = now === last ? same + 1 : 0;
      last = now;
      expect(same).toBeGreaterThan(10);
    },
    { timeout: 60_000, interval: 30 },
  );
}
