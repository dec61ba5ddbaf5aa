import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import type { Outside, TestDaemon } from '../support/daemon/index.ts';

/** Berth's own state: database, key, backups, logs and the cache of the try-out guest. */
const OWN_STATE = /^(berth\.db(-wal|-shm)?|secrets\.key|backups|logs|cache)$/;

/** What libvirtd runs for a moment to keep its own network in order. */
const PASSING = /^(ip6?tables|ebtables|dnsmasq|nft|libvirt_leases)/;

const names = (outside: Outside): string[] => [
  ...outside.files.map((file) => `file ${file}`),
  ...outside.processes
    .filter(({ name }) => !PASSING.test(name))
    .map(({ name, commandLine }) => `process ${name} ${commandLine.slice(0, 60)}`),
  ...outside.domains.map((name) => `domain ${name}`),
  ...outside.pools.map((name) => `pool ${name}`),
  ...outside.volumes.map((name) => `volume ${name}`),
  ...outside.networks.map((name) => `network ${name}`),
  ...outside.filters.map((name) => `filter ${name}`),
];

/** Everything outside Berth's database that a machine could leave, by asking libvirt and the file system. */
export async function survey(daemon: TestDaemon, home: string, temp: string): Promise<string[]> {
  const outside = await daemon.listOutside();
  if (!outside.reachable) throw new Error('libvirtd does not answer; nothing can be counted');
  return [
    ...names(outside),
    ...readdirSync(home)
      .filter((name) => !OWN_STATE.test(name))
      .map((name) => `state file ${name}`),
    ...readdirSync(temp).map((name) => `temporary file ${join(temp, name)}`),
    ...reservations(home),
  ];
}

/** Claims live in the database alone. */
function reservations(home: string): string[] {
  const database = new Database(join(home, 'berth.db'), { readonly: true });
  try {
    const rows = database.prepare('SELECT creation_id AS id FROM reservations').all();
    return rows.map((row) => `reservation ${JSON.stringify(row)}`);
  } finally {
    database.close();
  }
}
