import type { Actor } from '../domain/permissions.ts';
import type { PciReading } from './host-devices.ts';
import type { HostNetwork } from './host-network.ts';

/** A process that cannot be mistaken for a later one with the same pid. */
export interface ProcessIdentity {
  pid: number;
  /** Clock ticks since boot, field 22 of /proc/PID/stat. */
  startTime: string;
  /** /proc/sys/kernel/random/boot_id */
  bootId: string;
}

export interface DiskSpace {
  /** What an unprivileged writer can still use (f_bavail). */
  freeBytes: number;
  totalBytes: number;
}

export interface SystemFacts extends PciReading {
  self(): ProcessIdentity;
  isAlive(process: ProcessIdentity): boolean;
  /** The file system of a path, or of the nearest folder that exists; null when it cannot be seen from here. */
  diskSpace(path: string): Promise<DiskSpace | null>;
  availableMemoryBytes(): number;
  userName(): string;
  /** The user of this process and its groups, by name. */
  actor(): Actor;
  /** Whether this host knows a user or group of that name. */
  hasAccount(kind: 'user' | 'group', name: string): Promise<boolean>;
  readonly network: HostNetwork;
  sshPublicKeys(): Promise<{ name: string; key: string }[]>;
}

export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
  /** Monotonic milliseconds. */
  monotonic(): number;
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

export interface Ids {
  uuid(): string;
  /** Random bytes from the system's CSPRNG. */
  bytes(length: number): Uint8Array;
}

export interface Log {
  info(message: string, fields?: Record<string, unknown>): void;
  warn(message: string, fields?: Record<string, unknown>): void;
  error(message: string, fields?: Record<string, unknown>): void;
}

/** A log that can be told what must never be in it. */
export interface GuardedLog extends Log {
  /** Masks the value in every message and field until the returned function is called. */
  redact(value: string): () => void;
}

/** Encryption at rest with a key that only this user can read. */
export interface Secrets {
  seal(clear: string): Uint8Array;
  /** Rejects with BerthError `secret_unreadable`. */
  open(sealed: Uint8Array): string;
}
