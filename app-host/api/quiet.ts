import { EventEmitter } from 'node:events';

/** Electron's `powerMonitor`: the host hears nothing of suspend and resume. */
class PowerMonitor extends EventEmitter {
  isOnBatteryPower(): boolean {
    return false;
  }

  getSystemIdleTime(): number {
    return 0;
  }
}

export const powerMonitor = new PowerMonitor();

/** Electron's `crashReporter`: nothing is ever reported to anybody. */
export const crashReporter = {
  start(_options?: object): void {},
};

/** Electron's `globalShortcut`: a browser's window cannot take keys from other programs. */
export const globalShortcut = {
  register(_accelerator: string, _callback: () => void): boolean {
    return false;
  },
  isRegistered(_accelerator: string): boolean {
    return false;
  },
  unregister(_accelerator: string): void {},
  unregisterAll(): void {},
};
