import { startup } from '../host.ts';

/** Electron's `app.commandLine`. Chromium has started already: switches added here reach only those who ask. */
export const commandLine = {
  appendSwitch(name: string, value = ''): void {
    startup.switches.set(name, value);
  },
  appendArgument(value: string): void {
    startup.argv.push(value);
  },
  hasSwitch(name: string): boolean {
    return startup.switches.has(name);
  },
  getSwitchValue(name: string): string {
    return startup.switches.get(name) ?? '';
  },
  removeSwitch(name: string): void {
    startup.switches.delete(name);
  },
};
