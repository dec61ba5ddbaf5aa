import type { Creation } from '../../src-contract/model/creation.ts';
import type { Ports } from '../../src-main/compose.ts';
import { BerthError } from '../../src-main/core/errors.ts';
import type { Cell } from './cells.ts';

export interface Actions {
  /** Asks for the cancellation of the creation under test. */
  cancel(creationId: string): void;
  /** Resolves once the other side has killed libvirtd. */
  daemonKilled(): Promise<void>;
}

const BUSY_MS = 200;
const refused = () => new BerthError('fault_injected', 'The test refuses this call');
const die = () => process.kill(process.pid, 'SIGKILL');

/** Stands between the core and its ports and does one cell's fault, once. */
export class Interposer {
  readonly #cell: Cell;
  readonly #actions: Actions;
  #entered = false;
  #spent = false;

  constructor(cell: Cell, actions: Actions) {
    this.#cell = cell;
    this.#actions = actions;
  }

  wrap(ports: Ports): Ports {
    const creations = this.#wrapCreations(ports.store.creations);
    return {
      ...ports,
      hypervisor: this.#wrapCalls(ports.hypervisor),
      store: Object.assign(Object.create(ports.store), { creations }),
    };
  }

  /** The request is about to be made. `validate` begins before the creation has a row of its own. */
  arm(): void {
    this.#entered = this.#cell.stage === 'validate';
  }

  #wrapCreations(creations: Ports['store']['creations']): Ports['store']['creations'] {
    return new Proxy(creations, {
      get: (target, key) => {
        const value: unknown = Reflect.get(target, key, target);
        if (typeof value !== 'function') return value;
        if (key !== 'save') return value.bind(target);
        return (creation: Creation) => {
          const saved = target.save(creation);
          this.#watchEntry(saved);
          return saved;
        };
      },
    });
  }

  #watchEntry(creation: Creation): void {
    const { stage, fault } = this.#cell;
    const record = creation.stages.find((one) => one.stage === stage);
    if (this.#entered || creation.stage !== stage || record?.state !== 'running') return;
    this.#entered = true;
    if (fault === 'kill') die();
    if (fault === 'cancel') setImmediate(() => this.#actions.cancel(creation.id));
    if (fault === 'fail' && !this.#hasOutsideCall()) {
      this.#spent = true;
      throw refused();
    }
  }

  #hasOutsideCall(): boolean {
    return ['validate', 'storage', 'define', 'start', 'ready'].includes(this.#cell.stage);
  }

  #wrapCalls(hypervisor: Ports['hypervisor']): Ports['hypervisor'] {
    const passive = new Set(['subscribe', 'close', 'connect', 'defaultPoolPath', 'listDomains']);
    return new Proxy(hypervisor, {
      get: (target, key) => {
        const value: unknown = Reflect.get(target, key, target);
        if (typeof value !== 'function') return value;
        const call = value.bind(target);
        if (passive.has(String(key))) return call;
        return (...args: unknown[]) => this.#around(() => call(...args));
      },
    });
  }

  async #around(call: () => Promise<unknown>): Promise<unknown> {
    if (!this.#entered || this.#spent) return await call();
    const { fault } = this.#cell;
    if (fault === 'cancel') {
      await new Promise((resolve) => setTimeout(resolve, BUSY_MS));
      return await call();
    }
    this.#spent = true;
    if (fault === 'fail') throw refused();
    if (fault === 'kill') die();
    if (fault === 'daemon') await this.#actions.daemonKilled();
    const result = await call();
    if (fault === 'kill-late') die();
    if (fault === 'fail-late') throw refused();
    return result;
  }
}
