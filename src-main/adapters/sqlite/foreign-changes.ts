import { type FSWatcher, watch } from 'node:fs';
import { basename, dirname } from 'node:path';
import type { Log } from '../../core/ports/system.ts';

/**
 * Looks after a write to the WAL, in milliseconds. The first gathers a burst into one call. The others are
 * there because SQLite writes the WAL first and publishes the commit afterwards through shared memory,
 * which nobody is told of; between the two may lie an fsync.
 */
const LOOKS_MS = [20, 100, 400, 2000];

/**
 * Tells of commits by other processes. The kernel reports writes to the WAL (inotify); SQLite's
 * data_version says whether one was foreign. Without writes nothing runs.
 */
export class ForeignChanges {
  readonly #path: string;
  readonly #version: () => number;
  readonly #log: Log;
  readonly #listeners = new Set<() => void>();
  #watcher: FSWatcher | undefined;
  #timer: NodeJS.Timeout | undefined;
  #look = 0;
  #known = 0;

  constructor(path: string, version: () => number, log: Log) {
    this.#path = path;
    this.#version = version;
    this.#log = log;
  }

  subscribe(listener: () => void): () => void {
    const own = () => listener();
    this.#listeners.add(own);
    if (!this.#watcher) this.#start();
    return () => {
      this.#listeners.delete(own);
      if (this.#listeners.size === 0) this.close();
    };
  }

  close(): void {
    this.#watcher?.close();
    this.#watcher = undefined;
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#listeners.clear();
  }

  /** The folder, not the file: a WAL may be deleted and made anew. Keeps no process alive. */
  #start(): void {
    const wal = `${basename(this.#path)}-wal`;
    this.#known = this.#version();
    this.#watcher = watch(dirname(this.#path), { persistent: false }, (_event, name) => {
      if (name === wal || name === null) this.#wake();
    });
    this.#watcher.on('error', (error) => {
      this.#log.error('changes by other processes are no longer noticed', { error: error.message });
    });
  }

  #wake(): void {
    if (this.#timer && this.#look === 0) return;
    this.#look = 0;
    this.#schedule();
  }

  #schedule(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const delay = LOOKS_MS[this.#look];
    if (delay === undefined) return;
    this.#timer = setTimeout(() => this.#check(), delay);
    this.#timer.unref();
  }

  #check(): void {
    this.#look += 1;
    this.#schedule();
    try {
      const version = this.#version();
      if (version === this.#known) return;
      this.#known = version;
    } catch (error) {
      this.#log.error('the database could not be asked for changes', { error: String(error) });
      return;
    }
    for (const listener of [...this.#listeners]) this.#tell(listener);
  }

  #tell(listener: () => void): void {
    try {
      listener();
    } catch (error) {
      this.#log.error('a listener to foreign changes failed', { error: String(error) });
    }
  }
}
