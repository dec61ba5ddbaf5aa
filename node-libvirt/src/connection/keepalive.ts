import { KeepaliveError } from './errors.ts';

/** libvirt's own defaults. */
export const DEFAULT_KEEPALIVE: KeepaliveOptions = { intervalMs: 5_000, count: 5 };

export interface KeepaliveOptions {
  /** How long the daemon may be silent before it is asked for a sign of life. */
  readonly intervalMs: number;
  /** How many unanswered pings mean that it is dead. */
  readonly count: number;
}

interface KeepalivePorts {
  readonly ping: () => void;
  readonly onDead: (error: KeepaliveError) => void;
  /** True while silence proves nothing, because we read nothing. */
  readonly paused: () => boolean;
  /** True while the daemon has all the calls it takes at a time: it reads no pings then. */
  readonly busy: () => boolean;
}

/** A daemon that hangs looks like one that is busy: at some time it has been busy long enough. */
const BUSY_AT_MOST_MS = 600_000;

/** Pings a silent daemon and reports when it stays silent. */
export class Keepalive {
  readonly #options: KeepaliveOptions;
  readonly #ports: KeepalivePorts;
  readonly #timer: NodeJS.Timeout;
  #heard = true;
  #unanswered = 0;
  #busyMs = 0;

  constructor(options: KeepaliveOptions, ports: KeepalivePorts) {
    this.#options = options;
    this.#ports = ports;
    this.#timer = setInterval(() => this.#tick(), options.intervalMs);
    this.#timer.unref();
  }

  /** Anything received counts as a sign of life. */
  heard(): void {
    this.#heard = true;
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  #excused(): boolean {
    if (this.#ports.paused()) return true;
    if (!this.#ports.busy()) return false;
    this.#busyMs += this.#options.intervalMs;
    return this.#busyMs <= BUSY_AT_MOST_MS;
  }

  #tick(): void {
    if (this.#heard) this.#busyMs = 0;
    if (this.#heard || this.#excused()) {
      this.#unanswered = 0;
    } else if (this.#unanswered >= this.#options.count) {
      this.stop();
      this.#ports.onDead(new KeepaliveError(this.#options.intervalMs * (this.#unanswered + 1)));
      return;
    }
    if (!this.#heard) {
      this.#unanswered++;
      this.#ports.ping();
    }
    this.#heard = false;
  }
}
