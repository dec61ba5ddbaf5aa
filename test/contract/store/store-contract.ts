import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { LogLine } from '../../../src-contract/model/creation.ts';
import type { Store } from '../../../src-main/core/ports/repositories.ts';
import {
  completed,
  creation,
  machine,
  media,
  owner,
  reservation,
  spec,
} from './helpers/samples.ts';

export interface StoreUnderTest {
  store: Store;
  dispose: () => void;
}

const admitAll = () => undefined;

/** What every Store promises, whatever it keeps its rows in. */
export function describeStoreContract(name: string, open: () => StoreUnderTest): void {
  describe(`the Store contract on ${name}`, () => {
    let subject: StoreUnderTest;
    let store: Store;
    beforeEach(() => {
      subject = open();
      store = subject.store;
    });
    afterEach(() => subject.dispose());

    describe('machines and reservations', () => {
      it('keeps a reserved machine with every field', () => {
        const notes = [{ code: 'no_kvm', severity: 'warning', message: 'Slow' }] as const;
        const record = machine(1, { osLabel: null, notes: [...notes] });
        store.reservations.reserve(record, reservation(1), admitAll);
        expect(store.machines.get('m1')).toEqual(record);
        expect(store.machines.getByDomainUuid(record.domainUuid)).toEqual(record);
        expect(store.machines.list()).toEqual([record]);
        expect(store.reservations.list()).toEqual([reservation(1)]);
      });

      it('knows nothing of machines that are not there', () => {
        expect(store.machines.get('m1')).toBeNull();
        expect(store.machines.getByDomainUuid('x')).toBeNull();
        expect(store.machines.volumes('m1')).toEqual([]);
        expect(() => store.machines.update('m1', { provisioning: 'ready' })).not.toThrow();
        expect(() => store.machines.remove('m1')).not.toThrow();
      });

      it.each([
        ['the same name', 'Büro', 'Büro'],
        ['another case', 'Büro', 'BÜRO'],
        ['another composition', 'Bu\u0308ro', 'B\u00fcro'],
        ['sharp s', 'Straße', 'STRASSE'],
      ])('takes %s for taken', (_what, first, second) => {
        store.reservations.reserve(machine(1, { name: first }), reservation(1), admitAll);
        expect(() =>
          store.reservations.reserve(machine(2, { name: second }), reservation(2), admitAll),
        ).toThrow(expect.objectContaining({ code: 'name_taken' }));
        expect(store.machines.list()).toHaveLength(1);
        expect(store.reservations.list()).toHaveLength(1);
      });

      it('takes a domain name for taken, whatever the machine is called', () => {
        store.reservations.reserve(machine(1), reservation(1), admitAll);
        const other = machine(2, { domainName: machine(1).domainName });
        expect(() => store.reservations.reserve(other, reservation(2), admitAll)).toThrow(
          expect.objectContaining({ code: 'name_taken' }),
        );
      });

      it('gives the name back when the machine is removed', () => {
        store.reservations.reserve(machine(1), reservation(1), admitAll);
        store.machines.remove('m1');
        expect(store.reservations.list()).toEqual([]);
        store.reservations.reserve(machine(2, { name: 'Machine 1' }), reservation(2), admitAll);
        expect(store.machines.list().map(({ id }) => id)).toEqual(['m2']);
      });

      it('shows admit the claims of others and claims nothing when it refuses', () => {
        store.reservations.reserve(machine(1), reservation(1, { memoryBytes: 7 }), admitAll);
        const refusal = new Error('no memory');
        const seen: number[] = [];
        expect(() =>
          store.reservations.reserve(machine(2), reservation(2), (others) => {
            seen.push(...others.map(({ memoryBytes }) => memoryBytes));
            throw refusal;
          }),
        ).toThrow(refusal);
        expect(seen).toEqual([7]);
        expect(store.machines.get('m2')).toBeNull();
        expect(store.reservations.list()).toHaveLength(1);
        store.reservations.reserve(machine(2), reservation(2), admitAll);
      });

      it('releases the claim and keeps the machine', () => {
        store.reservations.reserve(machine(1), reservation(1), admitAll);
        store.reservations.release('c1');
        store.reservations.release('c1');
        expect(store.reservations.list()).toEqual([]);
        expect(store.machines.get('m1')).toEqual(machine(1));
      });

      it('changes only the fields that it is told to', () => {
        store.reservations.reserve(machine(1), reservation(1), admitAll);
        store.machines.update('m1', { provisioning: 'installing' });
        store.machines.update('m1', { deleteFailed: true });
        const notes = [{ code: 'stalled', severity: 'info' as const, message: 'Quiet' }];
        store.machines.update('m1', { notes });
        const expected = machine(1, { provisioning: 'installing', deleteFailed: true, notes });
        expect(store.machines.get('m1')).toEqual(expected);
        store.machines.update('m1', { deleteFailed: false, notes: [] });
        expect(store.machines.get('m1')).toEqual(machine(1, { provisioning: 'installing' }));
      });

      it('keeps the volumes of a machine', () => {
        store.reservations.reserve(machine(1), reservation(1), admitAll);
        const disk = { pool: 'berth', name: 'd.qcow2', role: 'disk' } as const;
        const seed = { pool: 'berth', name: 's.iso', role: 'seed' } as const;
        store.machines.addVolume('m1', disk);
        store.machines.addVolume('m1', disk);
        store.machines.addVolume('m1', seed);
        expect(store.machines.volumes('m1')).toEqual([disk, seed]);
        store.machines.removeVolume('m1', 'berth', 's.iso');
        expect(store.machines.volumes('m1')).toEqual([disk]);
        store.machines.remove('m1');
        expect(store.machines.volumes('m1')).toEqual([]);
      });

      it('refuses a volume of a machine that is gone', () => {
        const disk = { pool: 'berth', name: 'd', role: 'disk' } as const;
        expect(() => store.machines.addVolume('m9', disk)).toThrow(
          expect.objectContaining({ code: 'record_missing' }),
        );
      });
    });

    describe('creations', () => {
      it('returns what was inserted', () => {
        const row = { creation: creation(1), owner: owner(1), spec: null };
        store.creations.insert(row, null);
        store.creations.insert({ creation: creation(2), owner: owner(2), spec: spec(2) }, null);
        expect(store.creations.get('c1')).toEqual(row);
        expect(store.creations.get('c2')?.spec).toEqual(spec(2));
        expect(store.creations.get('c3')).toBeNull();
        expect(store.creations.list()).toEqual([creation(1), creation(2)]);
      });

      it('increases the revision with each save and stores it', () => {
        store.creations.insert({ creation: creation(1), owner: owner(1), spec: null }, null);
        const first = store.creations.save({ ...creation(1), state: 'running', stage: 'media' });
        const second = store.creations.save({ ...first, waitingFor: 'a slot' });
        expect(first.revision).toBe(1);
        expect(second.revision).toBe(2);
        expect(store.creations.get('c1')?.creation).toEqual(second);
        expect(second).toMatchObject({ state: 'running', stage: 'media', waitingFor: 'a slot' });
      });

      it('says so when what is saved has been removed', () => {
        const missing = expect.objectContaining({ code: 'creation_missing' });
        expect(() => store.creations.save(creation(1))).toThrow(missing);
        expect(() => store.creations.saveSpec('c1', spec(1))).toThrow(missing);
      });

      it('does not lose a cancellation by another process to a save of the owner', () => {
        store.creations.insert({ creation: creation(1), owner: owner(1), spec: null }, null);
        const before = store.creations.save(creation(1));
        store.creations.requestCancel('c1');
        expect(store.creations.isCancelRequested('c1')).toBe(true);
        const saved = store.creations.save(before);
        expect(saved.cancelRequested).toBe(true);
        expect(store.creations.get('c1')?.creation.cancelRequested).toBe(true);
        expect(saved.revision).toBeGreaterThan(before.revision);
        expect(store.creations.isCancelRequested('c9')).toBe(false);
      });

      it('stores a specification', () => {
        store.creations.insert({ creation: creation(1), owner: owner(1), spec: null }, null);
        store.creations.saveSpec('c1', spec(1));
        expect(store.creations.get('c1')?.spec).toEqual(spec(1));
      });

      it('lists as open what has not ended', () => {
        const states = [
          'queued',
          'running',
          'provisioning',
          'rolling-back',
          'completed',
          'failed',
          'cancelled',
        ] as const;
        states.forEach((state, index) => {
          const row = { creation: creation(index + 1, { state }), owner: owner(1), spec: null };
          store.creations.insert(row, null);
        });
        const open = store.creations.open().map((row) => row.creation.state);
        expect(open).toEqual(['queued', 'running', 'provisioning', 'rolling-back']);
        store.creations.save(creation(1, { state: 'failed' }));
        expect(store.creations.open()).toHaveLength(3);
      });

      it('lets one process take over', () => {
        store.creations.insert({ creation: creation(1), owner: owner(1), spec: null }, null);
        expect(store.creations.takeOver('c1', owner(1), owner(2))).toBe(true);
        expect(store.creations.takeOver('c1', owner(1), owner(3))).toBe(false);
        const reborn = { ...owner(2), startTime: '4712' };
        expect(store.creations.takeOver('c1', reborn, owner(3))).toBe(false);
        expect(store.creations.get('c1')?.owner).toEqual(owner(2));
        expect(store.creations.takeOver('c9', owner(1), owner(2))).toBe(false);
      });

      it('keeps a secret apart from the record and forgets it', () => {
        const sealed = new Uint8Array([0, 255, 1, 2]);
        const row = { creation: creation(1), owner: owner(1), spec: null };
        store.creations.insert(row, sealed);
        expect([...(store.creations.secret('c1') ?? [])]).toEqual([0, 255, 1, 2]);
        expect(store.creations.get('c1')?.creation.hasSecret).toBe(true);
        expect(store.creations.save(creation(1)).hasSecret).toBe(true);
        store.creations.clearSecret('c1');
        expect(store.creations.secret('c1')).toBeNull();
        expect(store.creations.list()[0]?.hasSecret).toBe(false);
        expect(store.creations.secret('c9')).toBeNull();
      });

      it('removes a creation with log and journal', () => {
        store.creations.insert({ creation: creation(1), owner: owner(1), spec: null }, null);
        store.creations.appendLog('c1', [line(1)]);
        store.journal.intend('c1', 'define', { kind: 'pool', name: 'berth', path: '/p' });
        store.creations.remove('c1');
        expect(store.creations.get('c1')).toBeNull();
        expect(store.creations.log('c1')).toEqual([]);
        expect(store.journal.entries('c1')).toEqual([]);
      });
    });

    describe('the log of a creation', () => {
      beforeEach(() => {
        store.creations.insert({ creation: creation(1), owner: owner(1), spec: null }, null);
      });

      it('keeps lines in order over several appends', () => {
        store.creations.appendLog('c1', [line(1), line(2)]);
        store.creations.appendLog('c1', []);
        store.creations.appendLog('c1', [line(3)]);
        expect(store.creations.log('c1')).toEqual([line(1), line(2), line(3)]);
      });

      it('keeps the newest 5,000 and says how many it dropped', () => {
        const lines = Array.from({ length: 4990 }, (_, index) => line(index + 1));
        store.creations.appendLog('c1', lines);
        store.creations.appendLog('c1', lines.slice(0, 30));
        const log = store.creations.log('c1');
        expect(log).toHaveLength(5001);
        expect(log[0]).toMatchObject({ level: 'warn', text: '20 earlier lines were dropped' });
        expect(log[1]).toEqual(line(21));
        expect(log.at(-1)).toEqual(line(30));
      });

      it('cuts a line that would never end', () => {
        store.creations.appendLog('c1', [{ ...line(1), text: 'x'.repeat(1_000_000) }]);
        expect(store.creations.log('c1')[0]?.text.length).toBeLessThan(10_000);
      });

      it('refuses lines of a creation that is gone', () => {
        expect(() => store.creations.appendLog('c9', [line(1)])).toThrow(
          expect.objectContaining({ code: 'record_missing' }),
        );
      });
    });

    describe('typical seconds', () => {
      const complete = (n: number, seconds: { storage: number; start: number }) => {
        store.creations.insert({ creation: creation(n), owner: owner(1), spec: null }, null);
        store.creations.save(completed(n, seconds));
      };

      it('is unknown without completed creations', () => {
        store.creations.insert({ creation: creation(1), owner: owner(1), spec: null }, null);
        store.creations.save({ ...completed(1, { storage: 1, start: 1 }), state: 'failed' });
        expect(store.creations.typicalSeconds('tryout')).toBeNull();
      });

      it('adds up the medians of the stages', () => {
        complete(1, { storage: 1, start: 10 });
        complete(2, { storage: 3, start: 20 });
        complete(3, { storage: 1000, start: 30 });
        expect(store.creations.typicalSeconds('tryout')).toBe(23);
        expect(store.creations.typicalSeconds('blank')).toBeNull();
      });

      it('outlives the records and forgets the oldest', () => {
        for (let n = 1; n <= 10; n += 1) complete(n, { storage: 100, start: 100 });
        for (let n = 11; n <= 30; n += 1) complete(n, { storage: 1, start: 1 });
        for (let n = 1; n <= 30; n += 1) store.creations.remove(`c${n}`);
        expect(store.creations.typicalSeconds('tryout')).toBe(2);
      });
    });

    describe('the journal', () => {
      it('keeps intentions in order, with their state', () => {
        store.creations.insert({ creation: creation(1), owner: owner(1), spec: null }, null);
        const pool = { kind: 'pool', name: 'berth', path: '/var/lib/berth' } as const;
        const volume = { kind: 'volume', pool: 'berth', name: 'd', role: 'disk' } as const;
        const domain = { kind: 'domain', uuid: 'u', name: 'n', machineId: 'm1' } as const;
        const ids = [
          store.journal.intend('c1', 'storage', pool),
          store.journal.intend('c1', 'storage', volume),
          store.journal.intend('c1', 'define', domain),
        ];
        expect(new Set(ids).size).toBe(3);
        store.journal.mark(ids[0]!, 'done');
        store.journal.mark(ids[1]!, 'leftover');
        expect(store.journal.entries('c1')).toEqual([
          { id: ids[0], creationId: 'c1', stage: 'storage', effect: pool, state: 'done' },
          { id: ids[1], creationId: 'c1', stage: 'storage', effect: volume, state: 'leftover' },
          { id: ids[2], creationId: 'c1', stage: 'define', effect: domain, state: 'intended' },
        ]);
        expect(store.journal.entries('c2')).toEqual([]);
      });

      it('refuses to write down an effect for a creation that is gone', () => {
        const pool = { kind: 'pool', name: 'berth', path: '/p' } as const;
        expect(() => store.journal.intend('c9', 'storage', pool)).toThrow(
          expect.objectContaining({ code: 'record_missing' }),
        );
      });
    });

    describe('media and settings', () => {
      it('keeps, replaces and removes an item of the media library', () => {
        const error = { code: 'image_damaged', message: 'Damaged', retryable: false };
        store.media.save(media(2, { state: 'importing', progress: 0.5, sha256: null }));
        store.media.save(media(1));
        store.media.save(media(2, { state: 'failed', error }));
        expect(store.media.list()).toEqual([media(1), media(2, { state: 'failed', error })]);
        expect(store.media.get('i1')).toEqual(media(1));
        store.media.remove('i1');
        expect(store.media.get('i1')).toBeNull();
        expect(store.media.list()).toHaveLength(1);
      });

      it('keeps settings', () => {
        expect(store.settings.get('user')).toBeNull();
        store.settings.set('user', 'ada');
        store.settings.set('user', 'grace');
        expect(store.settings.get('user')).toBe('grace');
      });
    });
  });
}

function line(n: number): LogLine {
  return { at: n, stage: 'storage', level: n % 2 ? 'info' : 'guest', text: `line ${n} ☃` };
}
