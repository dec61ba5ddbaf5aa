import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  hasAccount,
  readActor,
  SYSTEM_ACCOUNTS,
} from '../../../src-main/adapters/system/accounts.ts';

describe('accounts of the host', () => {
  let folder = '';
  const files = () => ({ passwd: join(folder, 'passwd'), group: join(folder, 'group') });
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'berth-accounts-'));
    writeFileSync(files().passwd, 'ada:x:4001:4001::/home/ada:/bin/sh\n# comment\nbroken\n');
    writeFileSync(
      files().group,
      'wheel:x:4000:\nlab:x:4001:ada\nlab-too:x:4001:\nothers:x:4002:\nhalf:x:\n',
    );
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('give the person and the names of the groups that the process has', () => {
    const actor = readActor(files(), [4001, 4000]);
    expect(actor).toEqual({
      user: userInfo().username,
      uid: process.geteuid?.(),
      groups: ['wheel', 'lab', 'lab-too'],
    });
  });

  it('are those of this process, by default', () => {
    expect(readActor(SYSTEM_ACCOUNTS).uid).toBe(process.geteuid?.());
    expect(readActor({ passwd: '/nowhere', group: '/nowhere' }).groups).toEqual([]);
  });

  it('are known by name, users apart from groups, and numbers and options are no names', async () => {
    expect(await hasAccount(files(), 'user', 'ada')).toBe(true);
    expect(await hasAccount(files(), 'group', 'others')).toBe(true);
    expect(await hasAccount(files(), 'group', 'ada')).toBe(false);
    for (const name of ['nobody-has-this-name', '0', '-s', '--help', '', 'a:b', 'a\nb']) {
      expect(await hasAccount(SYSTEM_ACCOUNTS, 'user', name)).toBe(false);
    }
  });

  it('may be kept elsewhere: the name services are asked as well', async () => {
    expect(await hasAccount(files(), 'user', 'root')).toBe(true);
  });
});
