import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { leftFiles } from '../../../src-main/adapters/libvirt/left-files.ts';

let root = '';
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'berth-left-'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const uuid = '01234567-89ab-4cde-8f01-23456789abcd';
const domain = { uuid, name: 'lab' };

const of = (uri: string, scope: 'system' | 'session', mapPath = (path: string): string => path) =>
  leftFiles(() => ({ uri, scope, mapPath }), { XDG_CONFIG_HOME: root });

const inRoot = (path: string): string => join(root, path);

function put(nvram: string, tpm: string): string[] {
  mkdirSync(join(root, nvram), { recursive: true });
  mkdirSync(join(root, tpm, uuid, 'tpm2'), { recursive: true });
  const firmware = join(root, nvram, 'lab_VARS.fd');
  writeFileSync(firmware, '');
  writeFileSync(join(root, tpm, uuid, 'tpm2/tpm2-00.permall'), '');
  return [firmware, join(root, tpm, uuid)];
}

describe('files of a domain that is gone', () => {
  it('are found where the system’s daemon keeps them, and removed', async () => {
    const paths = put('var/lib/libvirt/qemu/nvram', 'var/lib/libvirt/swtpm');
    const files = of('qemu:///system?socket=/run/x', 'system', inRoot);
    expect((await files.leftFiles(domain)).map(({ path }) => path)).toEqual(paths);
    for (const path of paths) await files.removeLeftFile(domain, path);
    expect(paths.map((path) => existsSync(path))).toEqual([false, false]);
    expect(await files.leftFiles(domain)).toEqual([]);
  });

  it('are found where a session keeps them', async () => {
    const paths = put('libvirt/qemu/nvram', 'libvirt/qemu/swtpm');
    const found = await of('qemu:///session', 'session').leftFiles(domain);
    expect(found.map(({ kind, path }) => [kind, path])).toEqual([
      ['firmware', paths[0]],
      ['tpm', paths[1]],
    ]);
  });

  it('are not looked for outside, or where the daemon may see another file system', async () => {
    put('libvirt/qemu/nvram', 'libvirt/qemu/swtpm');
    const files = of('qemu:///session', 'session');
    expect(await files.leftFiles({ uuid: '..', name: 'lab' })).toEqual([]);
    expect(await files.leftFiles({ uuid, name: '../nvram/lab' })).toEqual([]);
    await expect(files.removeLeftFile(domain, root)).rejects.toMatchObject({
      code: 'file_not_ours',
    });
    expect(await of('qemu:///system?socket=/run/x', 'system').leftFiles(domain)).toEqual([]);
  });
});
