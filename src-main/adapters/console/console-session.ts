import type { Duplex } from 'node:stream';

/** Where a display is, as `Hypervisor.consoleEndpoint` tells it. */
export type ConsoleTarget =
  | { kind: 'unix'; path: string }
  | { kind: 'tcp'; host: string; port: number };

export interface SessionLimits {
  /** Connections over the whole life of a session; SPICE opens one a channel. */
  connections: number;
  /** How long a ticket waits for its first connection. */
  firstMs: number;
  /** How long a session without connections waits for another one. */
  idleMs: number;
}

export const SESSION_LIMITS: SessionLimits = { connections: 12, firstMs: 30_000, idleMs: 5000 };

/** What one ticket allows. It ends by itself, and then for good. */
export class ConsoleSession {
  readonly target: ConsoleTarget;
  readonly #origins: ReadonlySet<string>;
  readonly #limits: SessionLimits;
  readonly #onEnd: () => void;
  readonly #open = new Set<() => void>();
  #admitted = 0;
  #ended = false;
  #timer: NodeJS.Timeout | undefined;

  constructor(options: {
    target: ConsoleTarget;
    allowedOrigins: readonly string[];
    limits: SessionLimits;
    onEnd: () => void;
  }) {
    this.target = options.target;
    this.#origins = new Set(options.allowedOrigins);
    this.#limits = options.limits;
    this.#onEnd = options.onEnd;
    this.#endAfter(this.#limits.firstMs);
  }

  /** Counts a connection; false when this session has ended, is used up or is not for that origin. */
  admit(origin: string | undefined, socket: Duplex, close: () => void): boolean {
    if (this.#ended || this.#admitted >= this.#limits.connections) return false;
    if (origin === undefined || !this.#origins.has(origin)) return false;
    this.#admitted += 1;
    clearTimeout(this.#timer);
    this.#open.add(close);
    socket.once('close', () => {
      this.#open.delete(close);
      if (this.#open.size === 0 && !this.#ended) this.#endAfter(this.#limits.idleMs);
    });
    return true;
  }

  end(): void {
    if (this.#ended) return;
    this.#ended = true;
    clearTimeout(this.#timer);
    for (const close of this.#open) close();
    this.#onEnd();
  }

  #endAfter(ms: number): void {
    this.#timer = setTimeout(() => this.end(), ms);
    this.#timer.unref();
  }
}
