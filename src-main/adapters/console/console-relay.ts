import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocketServer } from 'ws';
import { BerthError } from '../../core/errors.ts';
import type { Log } from '../../core/ports/system.ts';
import { bridge } from './bridge.ts';
import {
  ConsoleSession,
  type ConsoleTarget,
  SESSION_LIMITS,
  type SessionLimits,
} from './console-session.ts';

const HOST = '127.0.0.1';
const PATH = /^\/console\/([A-Za-z0-9_-]{43})$/;
const TOKEN_BYTES = 32;
const SESSIONS_MAX = 64;
const MESSAGE_MAX = 4 * 1024 * 1024;
const HEADERS_TIMEOUT_MS = 5000;

export interface ConsoleTicket {
  /** `ws://127.0.0.1:PORT/console/TOKEN`. A secret: never log it. */
  url: string;
  token: string;
}

export interface ConsoleRelay {
  /**
   * Admits one console session to a display: up to 12 WebSocket connections from pages of the given
   * origins, the first within 30 s. It is over when all its connections have been closed for 5 s.
   *
   * @throws BerthError `console_unavailable`, `console_limit`.
   */
  ticket(target: ConsoleTarget, allowedOrigins: readonly string[]): Promise<ConsoleTicket>;
  /** Ends a session and its connections; nothing happens when it is over. */
  revoke(token: string): void;
  /** Ends all sessions and stops listening. A later ticket starts anew. */
  closeAll(): Promise<void>;
}

/** The way from a page to a machine's display: WebSocket (RFC 6455) on 127.0.0.1, subprotocol `binary`. */
export function createConsoleRelay(options: {
  log: Log;
  limits?: Partial<SessionLimits>;
}): ConsoleRelay {
  return new WebSocketRelay(options.log, { ...SESSION_LIMITS, ...options.limits });
}

class WebSocketRelay implements ConsoleRelay {
  readonly #log: Log;
  readonly #limits: SessionLimits;
  /** By the hash of their token, so that a look-up takes no time that tells of a token. */
  readonly #sessions = new Map<string, ConsoleSession>();
  readonly #sockets = new WebSocketServer({
    noServer: true,
    clientTracking: false,
    perMessageDeflate: false,
    maxPayload: MESSAGE_MAX,
    handleProtocols: (offered) => (offered.has('binary') ? 'binary' : false),
  });
  #listening: Promise<{ server: Server; port: number }> | undefined;

  constructor(log: Log, limits: SessionLimits) {
    this.#log = log;
    this.#limits = limits;
  }

  async ticket(target: ConsoleTarget, allowedOrigins: readonly string[]): Promise<ConsoleTicket> {
    const { port } = await this.#listen();
    if (this.#sessions.size >= SESSIONS_MAX) {
      throw new BerthError('console_limit', 'Too many consoles are open', {
        hint: 'Close some of them first.',
        retryable: true,
      });
    }
    const token = randomBytes(TOKEN_BYTES).toString('base64url');
    const key = hash(token);
    const onEnd = () => this.#sessions.delete(key);
    const limits = this.#limits;
    this.#sessions.set(key, new ConsoleSession({ target, allowedOrigins, limits, onEnd }));
    return { url: `ws://${HOST}:${port}/console/${token}`, token };
  }

  revoke(token: string): void {
    this.#sessions.get(hash(token))?.end();
  }

  async closeAll(): Promise<void> {
    const listening = this.#listening;
    this.#listening = undefined;
    for (const session of [...this.#sessions.values()]) session.end();
    const server = (await listening?.catch(() => undefined))?.server;
    if (!server) return;
    const closed = once(server, 'close');
    server.close();
    server.closeAllConnections();
    await closed;
  }

  #listen(): Promise<{ server: Server; port: number }> {
    this.#listening ??= this.#start().catch((error: unknown) => {
      this.#listening = undefined;
      throw new BerthError('console_unavailable', 'The console cannot be reached', {
        hint: 'Open the display in an external viewer instead.',
        cause: error,
        retryable: true,
      });
    });
    return this.#listening;
  }

  async #start(): Promise<{ server: Server; port: number }> {
    const server = createServer({ headersTimeout: HEADERS_TIMEOUT_MS }, (_request, response) => {
      response.writeHead(403, { connection: 'close', 'content-length': 0 }).end();
    });
    server.maxConnections = SESSIONS_MAX * this.#limits.connections;
    server.on('upgrade', (request, socket, head) => this.#upgrade(request, socket, head));
    server.listen(0, HOST);
    await once(server, 'listening');
    server.unref();
    const address = server.address();
    if (typeof address !== 'object' || address === null) throw new Error('no address');
    return { server, port: address.port };
  }

  #upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    socket.on('error', () => socket.destroy());
    const token = PATH.exec(request.url ?? '')?.[1];
    const session = token && this.#sessions.get(hash(token));
    if (!session || !isOwnHost(request)) {
      refuse(socket);
      return;
    }
    let end = () => {
      socket.destroy();
    };
    if (!session.admit(request.headers.origin, socket, () => end())) {
      refuse(socket);
      return;
    }
    this.#sockets.handleUpgrade(request, socket, head, (webSocket) => {
      end = bridge(webSocket, session.target, this.#log);
    });
  }
}

/** A page of another site that has its name resolve to 127.0.0.1 sends that name. */
function isOwnHost({ headers, socket }: IncomingMessage): boolean {
  return headers.host === `${HOST}:${socket.localPort}`;
}

/** The same answer whatever was wrong. */
function refuse(socket: Duplex): void {
  socket.end('HTTP/1.1 403 Forbidden\r\nConnection: close\r\nContent-Length: 0\r\n\r\n');
}

function hash(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}
