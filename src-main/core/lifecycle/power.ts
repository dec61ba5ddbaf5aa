import type { Machine, PowerState } from '../../../src-contract/model/machine.ts';
import { BerthError } from '../errors.ts';
import type { Hypervisor } from '../ports/hypervisor.ts';
import type { Store } from '../ports/repositories.ts';
import type { Clock } from '../ports/system.ts';
import type { Hub } from './hub.ts';
import { refuseInCreation } from './in-creation.ts';
import type { KeyedQueue } from './keyed-queue.ts';
import type { MachineLibrary } from './machines.ts';

export type PowerCommand = 'start' | 'stop' | 'kill' | 'reboot' | 'pause' | 'resume';

export interface PowerDeps {
  hypervisor: Hypervisor;
  library: MachineLibrary;
  store: Pick<Store, 'machines' | 'creations'>;
  queue: KeyedQueue;
  clock: Clock;
  hub: Pick<Hub, 'subscribe'>;
  /** Puts a machine under its network filters; rejects with `filter_missing`. */
  secure(machineId: string): Promise<void>;
}

const ALLOWED: Record<PowerCommand, readonly PowerState[]> = {
  start: ['off', 'crashed'],
  stop: ['running', 'stopping'],
  kill: ['starting', 'running', 'paused', 'stopping', 'crashed'],
  reboot: ['running'],
  pause: ['running'],
  resume: ['paused'],
};

const OFF: readonly PowerState[] = ['off', 'crashed'];

/** A guest that has not powered off by then ignores the request, or asks its user. */
export const STOP_PATIENCE_MS = 90_000;

/** Power commands. Those of one machine run one after the other; the same command twice at once is one command. */
export class PowerService {
  readonly #deps: PowerDeps;
  readonly #closed = new AbortController();

  constructor(deps: PowerDeps) {
    this.#deps = deps;
  }

  /**
   * Resolves when libvirt has accepted the command; the new state arrives as an event.
   * Rejects with `machine_missing`, `machine_not_running`, `machine_running`, `machine_paused`, `machine_not_paused`,
   * `machine_in_creation`, `filter_missing`, or what libvirt says.
   */
  run(machineId: string, command: PowerCommand): Promise<void> {
    return this.#deps.queue.run(machineId, command, async () => {
      const machine = this.#deps.library.get(machineId);
      refuseInCreation(this.#deps.store, machine);
      if (!ALLOWED[command].includes(machine.power)) throw refusal(command, machine);
      await this.#act(machine, command);
    });
  }

  /**
   * Asks the guest to power off and, when it has not after `seconds`, turns it off by force. Resolves when it is off.
   * Rejects as `run` does.
   */
  async stopWithin(machineId: string, seconds: number): Promise<void> {
    await this.run(machineId, 'stop');
    const isOff = () => OFF.includes(this.#power(machineId));
    await this.#until(isOff, seconds * 1000);
    if (isOff()) return;
    this.#closed.signal.throwIfAborted();
    await this.run(machineId, 'kill');
  }

  /** Resolves when `reached`, when the time is over, or when this service is closed. */
  async #until(reached: () => boolean, ms: number): Promise<void> {
    const { hub, clock } = this.#deps;
    const end = new AbortController();
    const stop = hub.subscribe(() => {
      if (reached()) end.abort();
    });
    const signal = AbortSignal.any([end.signal, this.#closed.signal]);
    try {
      if (!reached()) await clock.sleep(ms, signal).catch(() => undefined);
    } finally {
      stop();
    }
  }

  #power(machineId: string): PowerState {
    return this.#deps.library.peek(machineId)?.power ?? 'off';
  }

  close(): void {
    this.#closed.abort();
  }

  async #act(machine: Machine, command: PowerCommand): Promise<void> {
    const { hypervisor } = this.#deps;
    const uuid = machine.domainUuid;
    switch (command) {
      case 'start':
        return this.#during(machine, 'starting', async () => {
          await this.#deps.secure(machine.id);
          await hypervisor.startDomain(uuid);
        });
      case 'stop':
        return this.#stop(machine);
      case 'kill':
        await hypervisor.destroyDomain(uuid);
        // The event may be lost with a connection; whoever forced it off wants to know that it is.
        return this.#deps.library.reread(uuid);
      case 'reboot':
        return hypervisor.rebootDomain(uuid);
      case 'pause':
        return hypervisor.suspendDomain(uuid);
      case 'resume':
        return hypervisor.resumeDomain(uuid);
    }
  }

  async #during(machine: Machine, state: PowerState, act: () => Promise<void>): Promise<void> {
    this.#deps.library.setPending(machine.id, state);
    try {
      await act();
    } catch (error) {
      this.#deps.library.setPending(machine.id, null);
      throw error;
    }
  }

  async #stop(machine: Machine): Promise<void> {
    const { hypervisor } = this.#deps;
    await this.#during(machine, 'stopping', () => hypervisor.shutdownDomain(machine.domainUuid));
    if (machine.power !== 'stopping') void this.#watchStop(machine.id);
  }

  /** Only what is shown changes: a guest that does not power off is left alone. */
  async #watchStop(machineId: string): Promise<void> {
    const { clock, library } = this.#deps;
    try {
      await clock.sleep(STOP_PATIENCE_MS, this.#closed.signal);
    } catch {
      return;
    }
    if (library.peek(machineId)?.power !== 'stopping') return;
    library.setPending(machineId, null);
    if (library.peek(machineId)?.power === 'off') return;
    library.setNotes(machineId, [
      {
        code: 'stop_ignored',
        severity: 'warning',
        message: 'The guest has not reacted to the request to power off.',
        hint: 'It may still be starting or be asking its user. Shut it down from inside, or turn it off by force.',
      },
    ]);
  }
}

function refusal(command: PowerCommand, { name, power }: Machine): BerthError {
  if (command === 'start') {
    return power === 'paused'
      ? new BerthError('machine_paused', `${name} is paused.`, { hint: 'Resume it instead.' })
      : new BerthError('machine_running', `${name} is ${power} already.`);
  }
  if (power === 'paused') {
    return new BerthError('machine_paused', `${name} is paused.`, {
      hint: 'Resume it first; a paused guest cannot react.',
    });
  }
  if (command === 'resume') {
    return new BerthError('machine_not_paused', `${name} is not paused but ${power}.`);
  }
  return new BerthError('machine_not_running', `${name} is ${power}, not running.`);
}
