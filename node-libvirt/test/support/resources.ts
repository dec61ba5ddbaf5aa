import { expect } from 'vitest';
import { until } from './until.ts';

/** What keeps this process alive, by kind: sockets, timers, child processes. */
function activeResources(): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const name of process.getActiveResourcesInfo()) counts[name] = (counts[name] ?? 0) + 1;
  return counts;
}

/** Sockets of either family; a listening one counts, too. */
export function openSockets(): number {
  const counts = activeResources();
  const names = Object.keys(counts).filter((name) => /Pipe|TCP|Socket/.test(name));
  return names.reduce((sum, name) => sum + (counts[name] ?? 0), 0);
}

const processEvents = ['uncaughtException', 'unhandledRejection', 'exit', 'warning'] as const;

function listeners(): Record<string, number> {
  return Object.fromEntries(processEvents.map((name) => [name, process.listenerCount(name)]));
}

/** Notes what is open now; the function it returns fails unless the same is open then. */
export function leakCheck(): () => Promise<void> {
  const sockets = openSockets();
  const before = listeners();
  const warnings: string[] = [];
  const onWarning = (warning: Error): void =>
    void warnings.push(`${warning.name}: ${warning.message}`);
  process.on('warning', onWarning);
  return async () => {
    await until('the sockets are closed', () => openSockets() <= sockets);
    process.off('warning', onWarning);
    expect(listeners()).toEqual(before);
    // Node warns of an emitter that collects listeners.
    expect(warnings.filter((text) => text.includes('MaxListeners'))).toEqual([]);
  };
}
