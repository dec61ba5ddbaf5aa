import { readdirSync } from 'node:fs';
import { join, relative } from 'node:path';
import { runProgram } from './run-program.ts';

/** What exists outside Berth's own database. */
export type Outside = {
  /** Files and sockets under the daemon's folders (images, NVRAM, TPM state, save images, definitions), relative to its `dir`. */
  readonly files: string[];
  /** QEMU, swtpm and whatever else runs on the daemon's behalf, without the daemon itself. */
  readonly processes: {
    readonly pid: number;
    readonly name: string;
    readonly commandLine: string;
  }[];
  /** False when the daemon does not answer; then the lists below are empty. */
  readonly reachable: boolean;
  readonly domains: string[];
  readonly pools: string[];
  /** As `pool/volume`, of running pools. */
  readonly volumes: string[];
  readonly networks: string[];
  readonly filters: string[];
};

const LISTS = {
  domains: 'list --all --name',
  pools: 'pool-list --all --name',
  networks: 'net-list --all --name',
  filters: 'nwfilter-list',
} as const;
const MARK = '=berth-next=';

/** Caches, logs, locks and keys that the daemon keeps for itself and that no machine owns. */
const NOISE =
  /^(cache|log|run\/(?!qemu\/|swtpm)|lib\/dnsmasq\/|lib\/qemu\/(dump|checkpoint)$)|\/(master-key\.aes|\.lock)$|^(cgroups|libvirtd\.out)$/;

function listFiles(dir: string, folder = dir): string[] {
  let entries: ReturnType<typeof readFolder>;
  try {
    entries = readFolder(folder);
  } catch {
    return []; // removed meanwhile
  }
  return entries.flatMap((entry) => {
    const path = join(folder, entry.name);
    return entry.isDirectory() ? listFiles(dir, path) : [relative(dir, path)];
  });
}

const readFolder = (folder: string) => readdirSync(folder, { withFileTypes: true });

/** Files under the daemon's folder that belong to a machine, a volume or a definition. */
export const listOwnedFiles = (dir: string): string[] =>
  listFiles(dir)
    .filter((file) => !NOISE.test(file))
    .sort();

const lines = (text: string): string[] =>
  text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');

/** `nwfilter-list` has no name-only form: a UUID and a name on each line below the rule. */
const filterNames = (table: string): string[] =>
  lines(table)
    .map((line) => /^[0-9a-f-]{36}\s+(\S+)$/.exec(line)?.[1])
    .filter((name) => name !== undefined);

async function listVolumes(uri: string, pools: readonly string[]): Promise<string[]> {
  if (pools.length === 0) return [];
  const commands = pools.flatMap((pool) => [`vol-list --pool ${pool}`, `echo ${MARK}`]).join('; ');
  const { stdout } = await runProgram('virsh', ['-q', '-k', '5', '-c', uri, commands]);
  const tables = stdout.split(MARK);
  return pools.flatMap((pool, i) =>
    lines(tables[i] ?? '').map((line) => `${pool}/${line.split(/\s+/)[0]}`),
  );
}

type Defined = Pick<
  Outside,
  'reachable' | 'domains' | 'pools' | 'volumes' | 'networks' | 'filters'
>;

/** What virsh says is defined or running. */
export async function listDefined(uri: string): Promise<Defined> {
  const commands = Object.values(LISTS).join(`; echo ${MARK}; `);
  const { code, stdout } = await runProgram('virsh', ['-k', '5', '-c', uri, commands], 20_000);
  if (code !== 0 && !stdout.includes(MARK)) {
    return { reachable: false, domains: [], pools: [], volumes: [], networks: [], filters: [] };
  }
  const [domains = '', pools = '', networks = '', filters = ''] = stdout.split(MARK);
  const active = await runProgram('virsh', ['-k', '5', '-c', uri, 'pool-list --name']);
  return {
    reachable: true,
    domains: lines(domains),
    pools: lines(pools),
    volumes: await listVolumes(uri, lines(active.stdout)),
    networks: lines(networks),
    filters: filterNames(filters),
  };
}

const without = <T>(list: readonly T[], known: readonly T[]): T[] =>
  list.filter((item) => !known.includes(item));

/** Takes away what was there right after the daemon's start. */
export function subtractBaseline(now: Outside, before: Outside): Outside {
  // By its command, as what is there may start its like: dnsmasq has a second one for its script.
  const known = new Set(before.processes.map((found) => found.commandLine));
  return {
    files: without(now.files, before.files),
    processes: now.processes.filter((found) => !known.has(found.commandLine)),
    reachable: now.reachable,
    domains: without(now.domains, before.domains),
    pools: without(now.pools, before.pools),
    volumes: without(now.volumes, before.volumes),
    networks: without(now.networks, before.networks),
    filters: without(now.filters, before.filters),
  };
}
