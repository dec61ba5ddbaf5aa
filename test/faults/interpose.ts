import { ErrorCode, LibvirtError } from 'node-libvirt';
import type { Creation } from '../../src-contract/model/creation.ts';
import { translate } from '../../src-main/adapters/libvirt/errors.ts';
import type { Ports } from '../../src-main/compose.ts';
import type { Cell } from './cells.ts';
import type { FullDisk } from './full-disk.ts';

/** What only the process that runs the matrix can do to the host. */
export type OutsideFault = 'daemon' | 'pool-full' | 'db-locked';

export interface Actions {
  /** Asks for the cancellation of the creation under test. */
  cancel(creationId: string): void;
  /** Resolves once it is done. */
  outside(fault: OutsideFault): Promise<void>;
  /** Where the database is. */
  disk: FullDisk;
}

const BUSY_MS = 200;
/** How many writes fail where Berth goes on by itself. */
const MOMENT = 3;
const WATCHED = new Set(['first-boot', 'ready']);
const CALLING = new Set(['validate', 'network', 'storage', 'define', 'start', ...WATCHED]);
/** Calls that are not a stage's own. */
const PASSIVE = new Set(['subscribe', 'close', 'connect', 'defaultPoolPath', 'listDomains']);
const CHANGING = /^(create|define|start|ensure|eject)/;

/** In the queue whatever goes wrong is a reason to wait. */
const goesOn = (stage: string) => stage === 'reserve' || WATCHED.has(stage);
const broken = () => new Error('The test breaks this stage');
const die = () => process.kill(process.pid, 'SIGKILL');

/** As libvirt says that something has gone wrong inside it. */
function refused(): unknown {
  const error = new LibvirtError(
    {
      code: ErrorCode.INTERNAL_ERROR,
      domain: 0,
      level: 2,
      message: 'internal error: the test refuses this call',
      str1: null,
      str2: null,
      str3: null,
      int1: 0,
      int2: 0,
      dom: null,
      net: null,
    },
    'TEST',
  );
  return translate('do what the test forbids', error);
}

/** Stands between the core and its ports and does one cell's fault, once. */
export class Interposer {
  readonly #cell: Cell;
  readonly #actions: Actions;
  #creationId = '';
  #entered = false;
  #spent = false;

  constructor(cell: Cell, actions: Actions) {
    this.#cell = cell;
    this.#actions = actions;
  }

  wrap(ports: Ports): Ports {
    const { creations, journal } = ports.store;
    return {
      ...ports,
      hypervisor: this.#wrapCalls(ports.hypervisor),
      store: Object.assign(Object.create(ports.store), {
        creations: interposed(creations, 'save', (save) => (creation: Creation) => {
          const saved = save(creation);
          this.#onSaved(saved);
          return saved;
        }),
        journal: interposed(journal, 'mark', (mark) => (...args: Parameters<typeof mark>) => {
          mark(...args);
          if (this.#entered && args[1] === 'done' && this.#cell.fault === 'kill-mark') die();
        }),
      }),
    };
  }

  /** The request is about to be made. `validate` begins before the creation has a row of its own. */
  arm(): void {
    if (this.#cell.stage === 'validate') this.#enter('');
  }

  #onSaved(creation: Creation): void {
    const { stage, fault } = this.#cell;
    const record = creation.stages.find((one) => one.stage === stage);
    if (this.#entered) {
      if (fault === 'kill-mark' && record?.state === 'done') die();
    } else if (creation.stage === stage && record?.state === 'running') this.#enter(creation.id);
  }

  #enter(creationId: string): void {
    this.#entered = true;
    this.#creationId = creationId;
    const { stage, fault } = this.#cell;
    if (fault === 'db-full') this.#actions.disk.fill(goesOn(stage) ? MOMENT : Infinity);
    if (creationId === '') return;
    if (fault === 'kill') die();
    if (fault === 'cancel') setImmediate(() => this.#actions.cancel(creationId));
    if (fault === 'throw' && !CALLING.has(stage)) {
      this.#spent = true;
      throw broken();
    }
  }

  #wrapCalls(hypervisor: Ports['hypervisor']): Ports['hypervisor'] {
    return new Proxy(hypervisor, {
      get: (target, key) => {
        const value: unknown = Reflect.get(target, key, target);
        if (typeof value !== 'function') return value;
        const call = value.bind(target);
        if (PASSIVE.has(String(key))) return call;
        return (...args: unknown[]) => this.#around(String(key), () => call(...args));
      },
    });
  }

  async #around(name: string, call: () => Promise<unknown>): Promise<unknown> {
    if (!this.#entered || this.#spent) return await call();
    const { fault } = this.#cell;
    if (fault === 'cancel') {
      await new Promise((resolve) => setTimeout(resolve, BUSY_MS));
      return await call();
    }
    if (fault === 'kill-late' || fault === 'fail-late') return await this.#late(name, call);
    this.#spent = true;
    if (fault === 'throw') throw broken();
    if (fault === 'libvirt') throw refused();
    if (fault === 'kill') die();
    if (fault === 'hang') {
      this.#actions.cancel(this.#creationId);
      return await new Promise(() => undefined);
    }
    if (fault === 'daemon' || fault === 'pool-full' || fault === 'db-locked') {
      await this.#actions.outside(fault);
    }
    return await call();
  }

  async #late(name: string, call: () => Promise<unknown>): Promise<unknown> {
    if (!CHANGING.test(name)) return await call();
    this.#spent = true;
    await call();
    if (this.#cell.fault === 'kill-late') die();
    throw refused();
  }
}

/** The object with one method replaced. */
function interposed<T extends object, K extends keyof T>(
  whole: T,
  name: K,
  replace: (method: T[K]) => T[K],
): T {
  return new Proxy(whole, {
    get: (target, key) => {
      const value: unknown = Reflect.get(target, key, target);
      if (typeof value !== 'function') return value;
      return key === name ? replace(value.bind(target)) : value.bind(target);
    },
  });
}
