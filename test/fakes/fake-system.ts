import type { BerthEvent } from '../../src-contract/model/events.ts';
import type { KernelPci } from '../../src-main/core/domain/pci.ts';
import type { Actor } from '../../src-main/core/domain/permissions.ts';
import type { EventSink, RawEvent } from '../../src-main/core/ports/event-sink.ts';
import type { HostNetwork } from '../../src-main/core/ports/host-network.ts';
import type {
  DiskSpace,
  GuardedLog,
  Ids,
  ProcessIdentity,
  Secrets,
  SystemFacts,
} from '../../src-main/core/ports/system.ts';
import { fakeHostNetwork } from './fake-filters.ts';
import type { FakeHost } from './fake-host.ts';

export class FakeSystem implements SystemFacts {
  readonly #host: FakeHost;
  readonly #self: ProcessIdentity;
  readonly #alive: Set<string>;
  readonly network: HostNetwork;
  user = 'alice';
  uid = 1000;
  groups: string[] = ['alice', 'staff'];
  readonly accounts = new Set(['user alice', 'user bob', 'group staff', 'group lab']);

  /** `alive` is shared by all processes of a test and holds their pids. */
  constructor(host: FakeHost, pid: number, alive: Set<string>) {
    this.#host = host;
    this.network = fakeHostNetwork(host);
    this.#self = { pid, startTime: `${pid}00`, bootId: 'boot' };
    this.#alive = alive;
    alive.add(String(pid));
  }

  self(): ProcessIdentity {
    return this.#self;
  }

  isAlive({ pid }: ProcessIdentity): boolean {
    return this.#alive.has(String(pid));
  }

  async diskSpace(): Promise<DiskSpace | null> {
    const { freeBytes, totalBytes } = this.#host;
    return freeBytes === null ? null : { freeBytes, totalBytes };
  }

  availableMemoryBytes(): number {
    return this.#host.availableMemoryBytes;
  }

  userName(): string {
    return this.user;
  }

  actor(): Actor {
    return { user: this.user, uid: this.uid, groups: this.groups };
  }

  async hasAccount(kind: 'user' | 'group', name: string): Promise<boolean> {
    return this.accounts.has(`${kind} ${name}`);
  }

  async pci(): Promise<KernelPci | null> {
    return this.#host.pci.kernel;
  }

  async sshPublicKeys(): Promise<{ name: string; key: string }[]> {
    return [];
  }
}

export class FakeIds implements Ids {
  #next: number;

  constructor(start = 1) {
    this.#next = start;
  }

  uuid(): string {
    const number = (this.#next++).toString(16).padStart(12, '0');
    return `00000000-0000-4000-8000-${number}`;
  }

  bytes(length: number): Uint8Array {
    const seed = this.#next++;
    return Uint8Array.from({ length }, (_, index) => (seed * 31 + index * 7) % 256);
  }
}

export class FakeLog implements GuardedLog {
  readonly lines: string[] = [];
  /** Secrets that are kept now. It does not mask them: what it holds is what would have been lost without them. */
  readonly kept: string[] = [];

  redact(value: string): () => void {
    this.kept.push(value);
    return () => {
      const index = this.kept.indexOf(value);
      if (index !== -1) this.kept.splice(index, 1);
    };
  }

  info(message: string, fields: Record<string, unknown> = {}): void {
    this.#add('info', message, fields);
  }

  warn(message: string, fields: Record<string, unknown> = {}): void {
    this.#add('warn', message, fields);
  }

  error(message: string, fields: Record<string, unknown> = {}): void {
    this.#add('error', message, fields);
  }

  #add(level: string, message: string, { error, ...fields }: Record<string, unknown>): void {
    const stack = error instanceof Error ? error.stack : error;
    this.lines.push(`${level} ${message} ${JSON.stringify(fields)} ${stack ?? ''}`);
  }
}

/** Sealing that is not plain text, so that a leak of the clear text can be found. */
export class FakeSecrets implements Secrets {
  seal(clear: string): Uint8Array {
    return new TextEncoder().encode(clear).map((byte) => byte ^ 0x5a);
  }

  open(sealed: Uint8Array): string {
    return new TextDecoder().decode(sealed.map((byte) => byte ^ 0x5a));
  }
}

type CreationEvent = Extract<RawEvent, { creation: unknown }>;

export class FakeEvents implements EventSink {
  readonly all: RawEvent[] = [];

  emit(event: RawEvent): void {
    this.all.push(structuredClone(event));
  }

  ofCreation(creationId: string): CreationEvent[] {
    return this.all.filter(
      (event): event is CreationEvent => 'creation' in event && event.creationId === creationId,
    );
  }

  /** Types of a creation's events, repeated ones once. */
  types(creationId: string): BerthEvent['type'][] {
    const types = this.ofCreation(creationId).map(({ type }) => type);
    return types.filter((type, index) => type !== types[index - 1]);
  }
}
