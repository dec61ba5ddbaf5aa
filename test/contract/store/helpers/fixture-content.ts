import type { Store } from '../../../../src-main/core/ports/repositories.ts';
import { completed, creation, machine, media, owner, reservation, spec } from './samples.ts';

const pool = { kind: 'pool', name: 'berth', path: '/var/lib/berth' } as const;
const disk = { pool: 'berth', name: 'd.qcow2', role: 'disk' } as const;
const logLine = { at: 5, stage: 'storage', level: 'info', text: 'It’s “done”' } as const;

/** Something in every table; each fixture holds it, written by the version of its time. */
export function fill(store: Store): void {
  store.creations.insert(
    { creation: creation(1), owner: owner(1), spec: null },
    new Uint8Array([1, 2]),
  );
  store.creations.insert({ creation: creation(2), owner: owner(1), spec: spec(2) }, null);
  store.reservations.reserve(machine(1), reservation(1), () => undefined);
  store.machines.addVolume('m1', disk);
  store.creations.appendLog('c1', [logLine]);
  store.journal.intend('c1', 'storage', pool);
  store.creations.save(completed(2, { storage: 2, start: 3 }));
  store.media.save(media(1));
  store.settings.set('user', 'ada');
}
