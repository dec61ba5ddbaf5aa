import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { z } from 'zod';
import { type BerthLog, createLog } from '../../../src-main/adapters/system/log/create-log.ts';
import { BerthError } from '../../../src-main/core/errors.ts';

const lineSchema = z.looseObject({ at: z.iso.datetime(), level: z.string(), message: z.string() });

let dir: string;
let log: BerthLog;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'berth-log-'));
  log = createLog({ dir, level: 'info' });
});
afterEach(() => {
  log.close();
  vi.restoreAllMocks();
  rmSync(dir, { recursive: true, force: true });
});

const text = () => readFileSync(join(dir, 'berth.log'), 'utf8');
const lines = () =>
  text()
    .trim()
    .split('\n')
    .map((line) => lineSchema.parse(JSON.parse(line)));

describe('the log', () => {
  it('writes one JSON object a line, with correlation fields', () => {
    const subject = { creationId: 'c1', stage: 'start' };
    log.info('volume\ncreated', { creationId: 'c1', pool: 'berth', bytes: 5, nothing: null });
    log.error('failed', { ...subject, message: 'not the head', level: 'info' });
    log.warn('alone');
    expect(lines()).toMatchObject([
      { level: 'info', message: 'volume\ncreated', creationId: 'c1', pool: 'berth', bytes: 5 },
      { level: 'error', message: 'failed', creationId: 'c1', stage: 'start' },
      { level: 'warn', message: 'alone', pid: process.pid },
    ]);
    expect(lines()[2]).not.toHaveProperty('creationId');
    expect(statSync(join(dir, 'berth.log')).mode & 0o777).toBe(0o600);
  });

  it('leaves out what is below its level', () => {
    const quiet = createLog({ dir, level: 'warn' });
    quiet.info('no');
    quiet.warn('yes');
    quiet.close();
    expect(lines().map(({ message }) => message)).toEqual(['yes']);
  });

  it('writes to stderr as well when asked', () => {
    const written = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
    const loud = createLog({ dir, level: 'info', stderr: true });
    loud.redact('hunter2');
    loud.info('it is hunter2');
    loud.close();
    expect(written.mock.calls.join()).toContain('it is [redacted]');
  });

  it('masks fields by name, at any depth', () => {
    const secret = 'f1x4t3d';
    log.info('x', {
      password: secret,
      spicePassword: secret,
      passwordHash: secret,
      secret: new TextEncoder().encode(secret),
      key: secret,
      private_key: secret,
      nested: [{ deeper: { productKey: secret, API_TOKEN: secret, passphrase: { a: secret } } }],
      error: Object.assign(new Error('x'), { password: secret }),
    });
    expect(text()).not.toContain(secret);
    log.info('y', { sshKeys: ['ssh-ed25519 A'], hasSecret: true, nameKey: 'n', pool: 'p' });
    expect(lines()[1]).toMatchObject({ sshKeys: ['ssh-ed25519 A'], hasSecret: true, nameKey: 'n' });
  });

  it.each(['hunter2', 'a"b\\c', 'x.*+?^$ {}()|[]/-y', "ä ☃ <&>'", '12345', 'two\nlines'])(
    'never shows the registered value %j',
    (value) => {
      log.redact(value);
      const error = new BerthError('x', `refused ${value}`, { cause: new Error(`said ${value}`) });
      log.info(`message ${value}!`, {
        plain: value,
        inside: `--arg=${value} ${value}`,
        [`field ${value}`]: 1,
        list: [[value]],
        error,
        uri: `spice://?p=${encodeURIComponent(value)}`,
        base64: Buffer.from(value).toString('base64'),
        xml: `<graphics passwd="${value.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;').replaceAll("'", '&apos;')}"/>`,
        number: Number(value),
      });
      const written = text();
      for (const form of [value, JSON.stringify(value).slice(1, -1), encodeURIComponent(value)]) {
        expect(written).not.toContain(form);
      }
      expect(written).not.toContain(Buffer.from(value).toString('base64').replace(/=+$/, ''));
      expect(written).toContain('message [redacted]!');
    },
  );

  it('masks a value that contains another one whole', () => {
    log.redact('abc');
    log.redact('abcdef');
    log.redact('');
    log.info('abcdef abc');
    expect(lines()[0]?.message).toBe('[redacted] [redacted]');
  });

  it('shows a value again when nobody keeps it secret any more', () => {
    const [first, second] = [log.redact('swordfish'), log.redact('swordfish')];
    first();
    first();
    log.info('still swordfish');
    second();
    log.info('now swordfish');
    expect(lines().map(({ message }) => message)).toEqual(['still [redacted]', 'now swordfish']);
  });

  it('logs values of any kind without failing', () => {
    const circle: Record<string, unknown> = { a: 1 };
    circle['self'] = circle;
    const trap = {
      get boom(): never {
        throw new Error('boom');
      },
    };
    const written = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
    log.info('any', {
      circle,
      big: 10n,
      bytes: new Uint8Array(9),
      f: () => 1,
      u: undefined,
      s: Symbol('s'),
    });
    log.info('long', { text: 'x'.repeat(100_000), list: Array.from({ length: 1000 }, () => 1) });
    log.info('trap', { trap });
    expect(lines()[0]).toMatchObject({
      circle: { a: 1, self: '[circular]' },
      big: '10',
      bytes: '[9 bytes]',
    });
    expect(text().length).toBeLessThan(12_000);
    expect(written).toHaveBeenCalledTimes(1);
  });

  it('keeps errors with code, cause and stack', () => {
    const error = new BerthError('name_taken', 'Taken', { cause: new TypeError('inner') });
    log.error('failed', { error });
    expect(lines()[0]).toMatchObject({
      error: {
        name: 'BerthError',
        code: 'name_taken',
        stack: expect.stringContaining('log.spec.ts'),
        cause: { name: 'TypeError', message: 'inner' },
      },
    });
  });

  it('says once on stderr that it cannot write, and does not throw', () => {
    const written = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
    writeFileSync(join(dir, 'file'), '');
    const broken = createLog({ dir: join(dir, 'file', 'below'), level: 'info' });
    broken.info('one');
    broken.info('two');
    expect(written).toHaveBeenCalledTimes(1);
  });
});

describe('rotation', () => {
  const limits = { bytes: 1000, files: 3 };
  const sizes = () => readdirSync(dir).map((name) => statSync(join(dir, name)).size);

  it('keeps the newest lines in a bounded number of bounded files', () => {
    const small = createLog({ dir, level: 'info', limits });
    for (let n = 0; n < 100; n += 1) small.info(`line ${n}`);
    small.close();
    expect(readdirSync(dir).toSorted()).toEqual(['berth.log', 'berth.log.1', 'berth.log.2']);
    expect(Math.max(...sizes())).toBeLessThanOrEqual(1000);
    expect(lines().at(-1)?.message).toBe('line 99');
    const all = ['berth.log.2', 'berth.log.1', 'berth.log'].map((name) =>
      readFileSync(join(dir, name), 'utf8'),
    );
    const numbers = [...all.join('').matchAll(/line (\d+)/g)].map((match) => Number(match[1]));
    expect(numbers).toEqual(
      Array.from({ length: numbers.length }, (_, i) => 100 - numbers.length + i),
    );
  });

  it('goes on in the new file when another process has rotated', () => {
    const one = createLog({ dir, level: 'info', limits });
    const two = createLog({ dir, level: 'info', limits });
    for (let n = 0; n < 40; n += 1) {
      one.info(`one ${n}`);
      two.info(`two ${n}`);
    }
    one.close();
    two.close();
    expect(text()).toContain('one 39');
    expect(text()).toContain('two 39');
    expect(Math.max(...sizes())).toBeLessThanOrEqual(1000);
  });
});
