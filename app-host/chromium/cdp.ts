import { EventEmitter } from 'node:events';
import type { Readable, Writable } from 'node:stream';
import type { Commands, Events } from './protocol.ts';

/** A command that Chromium refused, or that it will never answer. */
export class CdpError extends Error {
  readonly code: 'cdp_refused' | 'cdp_closed' | 'cdp_timeout';

  constructor(code: CdpError['code'], message: string) {
    super(message);
    this.name = 'CdpError';
    this.code = code;
  }
}

interface Pending {
  resolve(result: unknown): void;
  reject(error: CdpError): void;
  method: string;
  sessionId: string | undefined;
  timer: NodeJS.Timeout | undefined;
}

interface Envelope {
  id?: number;
  method?: string;
  params?: unknown;
  result?: unknown;
  error?: { message: string };
  sessionId?: string;
}

const commandTimeout = 30_000;

/** One session of a connection: the browser's own, or that of a page. */
export class CdpSession {
  readonly id: string | undefined;
  readonly #connection: CdpConnection;
  readonly #events = new EventEmitter();

  constructor(connection: CdpConnection, id: string | undefined) {
    this.#connection = connection;
    this.id = id;
  }

  /**
   * @param timeout milliseconds; 0 waits as long as the session lives
   * @throws CdpError
   */
  send<M extends keyof Commands>(
    method: M,
    params: Commands[M][0],
    timeout = commandTimeout,
  ): Promise<Commands[M][1]> {
    return this.#connection.request(this.id, method, params, timeout);
  }

  /** Sends a command whose answer nobody needs; its failure means that the page is gone. */
  post<M extends keyof Commands>(method: M, params: Commands[M][0]): void {
    this.#connection.write(this.id, method, params);
  }

  on<E extends keyof Events>(event: E, listener: (params: Events[E]) => void): void {
    this.#events.on(event, listener);
  }

  onClose(listener: () => void): void {
    this.#events.once('closed', listener);
  }

  emit(event: string, params: unknown): void {
    this.#events.emit(event, params);
  }
}

/** The DevTools protocol over Chromium's `--remote-debugging-pipe`: JSON texts, each ended by a NUL byte. */
export class CdpConnection {
  readonly browser: CdpSession = new CdpSession(this, undefined);
  readonly #output: Writable;
  readonly #sessions = new Map<string, CdpSession>();
  readonly #pending = new Map<number, Pending>();
  #parts: Buffer[] = [];
  #lastId = 0;
  #closed = false;

  constructor(output: Writable, input: Readable) {
    this.#output = output;
    input.on('data', (chunk: Buffer) => this.#read(chunk));
    for (const stream of [input, output]) {
      stream.on('error', () => this.#close());
      stream.on('close', () => this.#close());
    }
  }

  write(sessionId: string | undefined, method: string, params: object): number {
    this.#lastId += 1;
    const message = { id: this.#lastId, method, params, sessionId };
    if (!this.#closed) this.#output.write(`${JSON.stringify(message)}\0`);
    return this.#lastId;
  }

  request<M extends keyof Commands>(
    sessionId: string | undefined,
    method: M,
    params: Commands[M][0],
    timeout: number,
  ): Promise<Commands[M][1]> {
    return new Promise((resolve, reject) => {
      if (this.#closed) return reject(new CdpError('cdp_closed', `${method}: Chromium is gone`));
      const id = this.write(sessionId, method, params);
      const timer = timeout > 0 ? setTimeout(() => this.#expire(id), timeout).unref() : undefined;
      this.#pending.set(id, {
        resolve: (result) => resolve(result as Commands[M][1]),
        reject,
        method,
        sessionId,
        timer,
      });
    });
  }

  #read(chunk: Buffer): void {
    let from = 0;
    for (let at = chunk.indexOf(0); at >= 0; at = chunk.indexOf(0, from)) {
      this.#parts.push(chunk.subarray(from, at));
      const text = Buffer.concat(this.#parts).toString();
      this.#parts = [];
      from = at + 1;
      this.#dispatch(JSON.parse(text));
    }
    if (from < chunk.length) this.#parts.push(chunk.subarray(from));
  }

  #dispatch(message: Envelope): void {
    if (message.id !== undefined) {
      this.#settle(message.id, message);
      return;
    }
    const params = message.params ?? {};
    const session = message.sessionId ? this.#sessions.get(message.sessionId) : this.browser;
    if (message.method === 'Target.attachedToTarget') this.#open(params);
    session?.emit(message.method ?? '', params);
    if (message.method === 'Target.detachedFromTarget') this.#detach(params);
  }

  #settle(id: number, message: Envelope): void {
    const pending = this.#take(id);
    if (!pending) return;
    if (message.error) {
      pending.reject(new CdpError('cdp_refused', `${pending.method}: ${message.error.message}`));
    } else pending.resolve(message.result);
  }

  #take(id: number): Pending | undefined {
    const pending = this.#pending.get(id);
    this.#pending.delete(id);
    clearTimeout(pending?.timer);
    return pending;
  }

  #expire(id: number): void {
    const pending = this.#take(id);
    pending?.reject(new CdpError('cdp_timeout', `${pending.method}: no answer from Chromium`));
  }

  session(id: string): CdpSession | undefined {
    return this.#sessions.get(id);
  }

  #open(params: { sessionId?: string }): void {
    if (params.sessionId)
      this.#sessions.set(params.sessionId, new CdpSession(this, params.sessionId));
  }

  #detach(params: { sessionId?: string }): void {
    const session = this.#sessions.get(params.sessionId ?? '');
    if (!session) return;
    this.#sessions.delete(session.id ?? '');
    this.#abandon((pending) => pending.sessionId === session.id);
    session.emit('closed', {});
  }

  #close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#abandon(() => true);
    for (const session of this.#sessions.values()) session.emit('closed', {});
    this.#sessions.clear();
    this.browser.emit('closed', {});
  }

  #abandon(which: (pending: Pending) => boolean): void {
    for (const [id, pending] of [...this.#pending]) {
      if (!which(pending)) continue;
      this.#take(id);
      pending.reject(new CdpError('cdp_closed', `${pending.method}: the page is gone`));
    }
  }
}
