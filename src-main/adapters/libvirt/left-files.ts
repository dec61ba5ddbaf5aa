import { lstat, rm } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { BerthError } from '../../core/errors.ts';
import type { GoneDomain, LeftFile, LeftFiles } from '../../core/ports/left-files.ts';

interface Daemon {
  readonly uri: string;
  readonly scope: 'system' | 'session';
  /** See `Context`. */
  readonly mapPath: (path: string) => string;
}

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** They are asked for by name: the folders themselves can often not be read. */
export function leftFiles(daemon: () => Daemon, env: NodeJS.ProcessEnv): LeftFiles {
  const list = async (domain: GoneDomain): Promise<LeftFile[]> => {
    const found = pathsOf(daemon(), env, domain).map(async ({ kind, path }) => {
      const stats = await lstat(path).catch(() => null);
      const isSuch = kind === 'tpm' ? stats?.isDirectory() : stats?.isFile();
      return stats !== null && isSuch ? [{ kind, path, modifiedAt: stats.mtimeMs }] : [];
    });
    return (await Promise.all(found)).flat();
  };
  return {
    leftFiles: list,
    removeLeftFile: async (domain, path) => {
      if (!pathsOf(daemon(), env, domain).some((one) => one.path === path)) {
        throw new BerthError('file_not_ours', `${path} is no file of ${domain.name}.`);
      }
      try {
        await rm(path, { recursive: true, force: true });
      } catch (cause) {
        const hint = `"sudo rm -r '${path}'" removes it.`;
        throw new BerthError('file_denied', `${path} could not be removed.`, { hint, cause });
      }
    },
  };
}

/** Where libvirt's QEMU driver keeps them (virQEMUDriverConfigNew in src/qemu/qemu_conf.c). */
function pathsOf(
  { uri, scope, mapPath }: Daemon,
  env: NodeJS.ProcessEnv,
  { uuid, name }: GoneDomain,
): Pick<LeftFile, 'kind' | 'path'>[] {
  if (!UUID.test(uuid) || name.includes('/')) return [];
  const config = join(
    env['XDG_CONFIG_HOME'] || join(env['HOME'] || homedir(), '.config'),
    'libvirt',
  );
  const [nvram, tpm] =
    scope === 'system'
      ? ['/var/lib/libvirt/qemu/nvram', '/var/lib/libvirt/swtpm']
      : [join(config, 'qemu/nvram'), join(config, 'qemu/swtpm')];
  const paths = [
    { kind: 'firmware' as const, path: `${nvram}/${name}_VARS.fd` },
    { kind: 'tpm' as const, path: `${tpm}/${uuid}` },
  ];
  const mapped = paths.map(({ kind, path }) => ({ kind, path: mapPath(path), asSaid: path }));
  // A daemon behind a socket of its own may keep them anywhere.
  const isElsewhere = /[?&]socket=/.test(uri) && scope === 'system';
  return mapped.filter(({ path, asSaid }) => !isElsewhere || path !== asSaid);
}
