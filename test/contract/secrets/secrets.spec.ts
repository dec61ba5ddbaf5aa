import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import {
  chmodSync,
  chownSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openSecrets } from '../../../src-main/adapters/secrets/open-secrets.ts';

let folder: string;
let keyPath: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'berth-secrets-'));
  keyPath = join(folder, 'keys', 'secret.key');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const unreadable = expect.objectContaining({ code: 'secret_unreadable' });
const unusable = expect.objectContaining({ code: 'secret_key_unusable' });

describe('secrets', () => {
  it.each(['', 'correct horse', 'pässwörd ☃ "\'<>&', 'x'.repeat(100_000)])(
    'come back (%#)',
    (clear) => {
      const sealed = openSecrets({ keyPath }).seal(clear);
      expect(openSecrets({ keyPath }).open(sealed)).toBe(clear);
      if (clear) expect(Buffer.from(sealed).includes(clear)).toBe(false);
    },
  );

  it('look different each time', () => {
    const secrets = openSecrets({ keyPath });
    const sealed = Array.from({ length: 50 }, () => Buffer.from(secrets.seal('a')).toString('hex'));
    expect(new Set(sealed).size).toBe(50);
  });

  it('are unreadable when any byte was changed', () => {
    const secrets = openSecrets({ keyPath });
    const sealed = secrets.seal('hunter2');
    sealed.forEach((byte, index) => {
      const changed = Uint8Array.from(sealed);
      changed[index] = byte ^ 1;
      expect(() => secrets.open(changed)).toThrow(unreadable);
    });
  });

  it('are unreadable when cut, foreign or of another key', () => {
    const secrets = openSecrets({ keyPath });
    const sealed = secrets.seal('hunter2');
    for (let length = 0; length < sealed.length; length += 1) {
      expect(() => secrets.open(sealed.subarray(0, length))).toThrow(unreadable);
    }
    expect(() => secrets.open(randomBytes(64))).toThrow(unreadable);
    const other = openSecrets({ keyPath: join(folder, 'other.key') });
    expect(() => secrets.open(other.seal('hunter2'))).toThrow(unreadable);
  });
});

describe('the key file', () => {
  it('is made for this user alone and leaves no draft', () => {
    openSecrets({ keyPath });
    expect(statSync(keyPath).mode & 0o777).toBe(0o600);
    expect(statSync(join(folder, 'keys')).mode & 0o777).toBe(0o700);
    expect(statSync(keyPath).size).toBe(32);
    expect(readdirSync(join(folder, 'keys'))).toEqual(['secret.key']);
  });

  it.each([0o640, 0o604, 0o620])('with mode %o is refused', (mode) => {
    openSecrets({ keyPath });
    chmodSync(keyPath, mode);
    expect(() => openSecrets({ keyPath })).toThrow(
      expect.objectContaining({ code: 'secret_key_exposed' }),
    );
  });

  it.skipIf(process.getuid?.() !== 0)('of another user is refused', () => {
    openSecrets({ keyPath });
    chownSync(keyPath, 65534, 65534);
    expect(() => openSecrets({ keyPath })).toThrow(unusable);
  });

  it('of another length, a link or a folder is refused and not replaced', () => {
    const short = join(folder, 'short.key');
    writeFileSync(short, 'too short', { mode: 0o600 });
    expect(() => openSecrets({ keyPath: short })).toThrow(unusable);
    expect(readFileSync(short, 'utf8')).toBe('too short');
    openSecrets({ keyPath });
    const link = join(folder, 'link.key');
    symlinkSync(keyPath, link);
    expect(() => openSecrets({ keyPath: link })).toThrow(unusable);
    expect(() => openSecrets({ keyPath: folder })).toThrow(unusable);
  });

  it('is one for all processes that make it at once', { timeout: 60_000 }, async () => {
    const module = join(import.meta.dirname, '../../../src-main/adapters/secrets/open-secrets.ts');
    const script = `const { openSecrets } = await import(${JSON.stringify(module)});
      const secrets = openSecrets({ keyPath: ${JSON.stringify(keyPath)} });
      console.log(Buffer.from(secrets.seal('shared')).toString('base64'));`;
    const outputs = await Promise.all(Array.from({ length: 6 }, () => runScript(script)));
    const secrets = openSecrets({ keyPath });
    expect(outputs.map((text) => secrets.open(Buffer.from(text, 'base64')))).toEqual(
      Array.from({ length: 6 }, () => 'shared'),
    );
  });
});

async function runScript(script: string): Promise<string> {
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let text = '';
  child.stdout.on('data', (chunk) => {
    text += String(chunk);
  });
  await once(child, 'close');
  return text;
}
