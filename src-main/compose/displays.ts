import { randomUUID } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ConsoleRelay } from '../adapters/console/index.ts';
import { type ConsoleAccess, consoleAccess } from '../core/lifecycle/console.ts';
import type { MachineLibrary } from '../core/lifecycle/machines.ts';
import type { Hypervisor } from '../core/ports/hypervisor.ts';
import type { GuardedLog } from '../core/ports/system.ts';
import type { ConsoleTicket } from '../ipc/handlers.ts';

export interface DisplaysDeps {
  hypervisor: Hypervisor;
  library: MachineLibrary;
  log: GuardedLog;
}

/** Ways to a machine's screen. Relay and viewer are loaded when somebody wants to see one. */
export class Displays {
  readonly #deps: DisplaysDeps;
  #relay: Promise<ConsoleRelay> | null = null;

  constructor(deps: DisplaysDeps) {
    this.#deps = deps;
  }

  /** A one-time ticket of the relay for pages of the given origins. */
  async ticket(machineId: string, origins: string[]): Promise<ConsoleTicket> {
    const { protocol, target, password } = await this.#access(machineId);
    this.#relay ??= this.#startRelay();
    const { url } = await (await this.#relay).ticket(target, origins);
    return { url, protocol, password };
  }

  /** Opens an external viewer that goes on when this process ends. */
  async openViewer(machineId: string): Promise<void> {
    const { name, password, ...endpoint } = await this.#access(machineId);
    const { openViewer } = await import('../adapters/process/viewer.ts');
    await openViewer({
      endpoint,
      password: password === '' ? null : password,
      title: name,
      log: this.#deps.log,
    });
  }

  /** Path of a connection file of mode 0600, which the viewer that opens it deletes. */
  async writeViewerFile(machineId: string): Promise<string> {
    const { name, password, ...endpoint } = await this.#access(machineId);
    const { vvFile } = await import('../adapters/process/viewer.ts');
    const folder = process.env['XDG_RUNTIME_DIR'] ?? tmpdir();
    const path = join(folder, `berth-${randomUUID()}.vv`);
    const content = vvFile(endpoint, password === '' ? null : password, name);
    await writeFile(path, content, { mode: 0o600, flag: 'wx' });
    return path;
  }

  async findViewer(): Promise<string | null> {
    const { findViewer } = await import('../adapters/process/viewer.ts');
    return findViewer();
  }

  async close(): Promise<void> {
    await (await this.#relay)?.closeAll();
  }

  /** The password lives as long as the machine runs: it is never logged by this process any more. */
  async #access(machineId: string): Promise<ConsoleAccess> {
    const access = await consoleAccess(this.#deps, machineId);
    this.#deps.log.redact(access.password);
    return access;
  }

  async #startRelay(): Promise<ConsoleRelay> {
    const { createConsoleRelay } = await import('../adapters/console/index.ts');
    return createConsoleRelay({ log: this.#deps.log });
  }
}
