import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import type { Outside, TestDaemon } from '../support/daemon/index.ts';
import { listPoolFiles } from './host-faults.ts';

const OVER = `('completed', 'failed', 'cancelled')`;

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
    ...(await listPoolFiles(daemon)).map((file) => `file ${file}`),
    ...(await firewallOf(daemon)),
    ...readdirSync(home)
      .filter((name) => !OWN_STATE.test(name))
      .map((name) => `state file ${name}`),
    ...readdirSync(temp).map((name) => `temporary file ${join(temp, name)}`),
    ...rows(home),
  ];
}

/** Interfaces and chains that a guest's cards have on the host, beside the network's own. */
async function firewallOf(daemon: TestDaemon): Promise<string[]> {
  const script = 'ip -o link; iptables-save; ip6tables-save; ebtables-save; nft list ruleset';
  const { stdout } = await daemon.exec('sh', '-c', `(${script}) 2>/dev/null`);
  const found = stdout.match(/\b[\w-]*(vnet|macvtap|tap)\d+[\w-]*/g) ?? [];
  return [...new Set(found)].map((name) => `interface or chain ${name}`);
}

/** What the database alone knows of. */
function rows(home: string): string[] {
  const database = new Database(join(home, 'berth.db'), { readonly: true });
  try {
    const list = (what: string, sql: string) =>
      database
        .prepare(sql)
        .all()
        .map((row) => `${what} ${JSON.stringify(row)}`);
    return [
      ...list('reservation', 'SELECT creation_id AS id FROM reservations'),
      ...list('machine', 'SELECT name FROM machines'),
      ...list('open creation', `SELECT id, state FROM creations WHERE state NOT IN ${OVER}`),
      ...list(
        'journal entry',
        `SELECT effect FROM journal WHERE state IN ('intended', 'leftover')`,
      ),
    ];
  } finally {
    database.close();
  }
}
