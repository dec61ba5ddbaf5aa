import type { Page } from '@playwright/test';
import { invokeChannels, notifyChannels } from '../../../src-contract/channels.ts';
import type {
  InvokeArgs,
  InvokeChannel,
  InvokeHandlers,
  Result,
} from '../../../src-contract/derive.ts';
import type { Creation, LogLine } from '../../../src-contract/model/creation.ts';
import type { ErrorData } from '../../../src-contract/model/error.ts';
import type { BerthEvent, CreationEventType } from '../../../src-contract/model/events.ts';
import type { Machine } from '../../../src-contract/model/machine.ts';
import { type Snapshot, snapshotSchema } from '../../../src-contract/model/snapshot.ts';
import { NOW, PPM, plan } from './fixtures.ts';

/** Thrown by a handler to answer with an expected failure. */
class Refusal extends Error {
  readonly data: ErrorData;
  constructor(data: ErrorData) {
    super(data.message);
    this.data = data;
  }
}

type Listener = (payload: unknown) => void;
type FakeWindow = Window & {
  berthListeners: Set<Listener>;
  berthInvoke: (channel: string, args: unknown) => Promise<unknown>;
};

/** Runs in the page before its scripts: the same surface as the preload's. */
function installBridge(): void {
  const fake = window as unknown as FakeWindow;
  fake.berthListeners = new Set();
  Object.defineProperty(window, 'berth', {
    value: {
      invoke: (channel: string, args: unknown) => fake.berthInvoke(channel, args),
      on: (_channel: string, listener: Listener) => {
        fake.berthListeners.add(listener);
        return () => fake.berthListeners.delete(listener);
      },
    },
  });
}

/** The main process as the window sees it: the contract's channels, answered by a script. */
export class FakeMain {
  readonly calls: { channel: InvokeChannel; args: unknown }[] = [];
  readonly page: Page;
  snapshot: Snapshot;
  #revision: number;
  readonly #handlers: Partial<InvokeHandlers> = {
    'app.snapshot': () => this.snapshot,
    'creations.plan': () => plan(),
    'creations.start': () => ({ creationId: 'c1', machineId: 'm900' }),
    'creations.retry': () => ({ creationId: 'c2', machineId: 'm901' }),
    'creations.log': () => [],
    'gpus.list': () => [],
    'policies.get': () => ({ creationSlots: 5, memoryOvercommit: 1, memoryCounts: 'running' }),
    'machines.screenshot': () => ({ mime: 'image/x-portable-pixmap', data: PPM }),
  };

  private constructor(page: Page, snapshot: Snapshot) {
    this.page = page;
    this.snapshot = snapshotSchema.parse(snapshot);
    this.#revision = snapshot.revision;
  }

  /** To be called before the page is opened. */
  static async attach(page: Page, snapshot: Snapshot): Promise<FakeMain> {
    const main = new FakeMain(page, snapshot);
    await page.exposeFunction('berthInvoke', (channel: InvokeChannel, args: unknown) =>
      main.#answer(channel, args),
    );
    await page.addInitScript(installBridge);
    return main;
  }

  handle<C extends InvokeChannel>(channel: C, handler: InvokeHandlers[C]): void {
    Object.assign(this.#handlers, { [channel]: handler });
  }

  /** Answers with an expected failure from now on. */
  refuse(channel: InvokeChannel, error: ErrorData): void {
    const refusal = () => {
      throw new Refusal(error);
    };
    Object.assign(this.#handlers, { [channel]: refusal });
  }

  async #answer(channel: InvokeChannel, args: unknown): Promise<Result<unknown>> {
    const parsed = invokeChannels[channel].args.parse(args);
    this.calls.push({ channel, args: parsed });
    const handler = this.#handlers[channel] as ((args: unknown) => unknown) | undefined;
    try {
      return { ok: true, value: await handler?.(parsed) };
    } catch (thrown) {
      if (thrown instanceof Refusal) return { ok: false, error: thrown.data };
      throw thrown;
    }
  }

  argsOf<C extends InvokeChannel>(channel: C): InvokeArgs<C>[] {
    return this.calls
      .filter((call) => call.channel === channel)
      .map((call) => call.args as InvokeArgs<C>);
  }

  nextRevision(): number {
    this.#revision += 1;
    return this.#revision;
  }

  async emit(...events: BerthEvent[]): Promise<void> {
    notifyChannels.events.parse(events);
    await this.page.evaluate((payload) => {
      for (const listener of (window as unknown as FakeWindow).berthListeners) listener(payload);
    }, events);
  }

  creationEvent(type: CreationEventType, creation: Creation, log: LogLine[] = []): BerthEvent {
    const { id, machineId, name, departmentId, stage } = creation;
    const subject = { creationId: id, machineId, name, departmentId, stage };
    return { type, revision: this.nextRevision(), at: NOW, ...subject, creation, log };
  }

  machineEvent(machine: Machine): BerthEvent {
    const { id: machineId, name, departmentId, creationId } = machine;
    const subject = { creationId, machineId, name, departmentId, stage: null };
    return {
      type: 'vms.status_changed',
      revision: this.nextRevision(),
      at: NOW,
      ...subject,
      machine,
    };
  }
}
