import { describe, expect, it } from 'vitest';
import { withoutSecrets } from '../../../src-main/core/domain/audit-inputs.ts';
import { Audit } from '../../../src-main/core/lifecycle/audit.ts';
import { FakeClock } from '../../fakes/fake-clock.ts';
import { FakeDatabase, FakeStore } from '../../fakes/fake-store.ts';
import { FakeLog } from '../../fakes/fake-system.ts';

const SECRET = 'Tr0ub4dor&3';

describe('withoutSecrets', () => {
  it.each([
    'password',
    'productKey',
    'adminPassword',
    'user_passwd',
    'wifiPassphrase',
    'clientSecret',
    'apiToken',
    'credentials',
    'passwordHash',
    'private-key',
  ])('masks %s at any depth', (name) => {
    const kept = withoutSecrets({ [name]: SECRET, deep: [{ parameters: { [name]: SECRET } }] });
    expect(JSON.stringify(kept)).not.toContain(SECRET);
    expect(kept[name]).toBe('[secret]');
  });

  it('masks a secret that is no text', () => {
    expect(withoutSecrets({ password: 123456, token: { a: 1 }, secret: [1] })).toEqual({
      password: '[secret]',
      token: '[secret]',
      secret: '[secret]',
    });
  });

  it('keeps what is public, and flags about secrets', () => {
    const inputs = { name: 'one', sshKeys: ['ssh-ed25519 AAAA ada'], hasSecret: true, gpus: [] };
    expect(withoutSecrets(inputs)).toEqual(inputs);
  });

  it('keeps arguments that are no object', () => {
    expect(withoutSecrets(undefined)).toEqual({});
    expect(withoutSecrets('one')).toEqual({ value: 'one' });
    expect(withoutSecrets(['a'])).toEqual({ value: ['a'] });
    expect(withoutSecrets(new Uint8Array(7))).toEqual({ value: '[7 bytes]' });
  });

  it('cuts long texts, long lists, many fields and deep trees', () => {
    const deep = { a: { a: { a: { a: { a: { a: { a: 1 } } } } } } };
    const many = Object.fromEntries(Array.from({ length: 60 }, (_, n) => [`f${n}`, n]));
    const kept = withoutSecrets({
      text: 'x'.repeat(5000),
      list: Array.from({ length: 50 }, (_, n) => n),
      many,
      deep,
    });
    expect(kept['text']).toBe(`${'x'.repeat(200)}… (5000)`);
    expect(kept['list']).toHaveLength(21);
    expect(kept['many']).toHaveProperty('…', '20 more');
    expect(JSON.stringify(kept['deep'])).toContain('[…]');
  });

  it('gives up on arguments that stay too large', () => {
    const list = Array.from({ length: 20 }, () => 'y'.repeat(190));
    const kept = withoutSecrets({ a: list, b: list, c: list });
    expect(kept).toEqual({ leftOut: expect.stringMatching(/^\d+ characters/) });
  });

  it('ends with an object that holds itself', () => {
    const loop: Record<string, unknown> = {};
    loop['self'] = loop;
    expect(JSON.stringify(withoutSecrets(loop))).toContain('[…]');
  });
});

describe('Audit', () => {
  const draft = {
    actor: 'ada',
    command: 'creations.start',
    departmentId: 'personal',
    subject: 'one',
    creationId: 'c1',
    inputs: { name: 'one', password: SECRET },
    outcome: 'done',
    errorCode: null,
  } as const;

  it('stamps and stores entries without secrets', () => {
    const database = new FakeDatabase();
    const clock = new FakeClock();
    const audit = new Audit({ store: new FakeStore(database), clock, log: new FakeLog() });
    audit.record(draft);
    const inputs = { name: 'one', password: '[secret]' };
    expect(audit.query({ limit: 1 })).toEqual([{ ...draft, inputs, id: 1, at: clock.now() }]);
    expect(JSON.stringify(database.history.audit)).not.toContain(SECRET);
  });

  it('puts an entry into the log that the database does not take, and goes on', () => {
    const store = new FakeStore(new FakeDatabase());
    const log = new FakeLog();
    store.hook = () => {
      throw new Error('database is locked');
    };
    new Audit({ store, clock: new FakeClock(), log }).record(draft);
    expect(log.lines).toHaveLength(1);
    expect(log.lines[0]).toContain('creations.start');
    expect(log.lines[0]).not.toContain(SECRET);
  });
});
