import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startRootDaemon, type TestDaemon } from '../../../test/support/daemon/index.ts';
import { type Connection, connect } from '../../src/index.ts';
import { missing } from '../support/session-daemon.ts';
import { Host, type Row } from './row.ts';
import { domainRows } from './rows/domain.ts';
import { hostRows } from './rows/host.ts';
import { liveRows } from './rows/live.ts';
import { networkRows } from './rows/network.ts';
import { storageRows } from './rows/storage.ts';
import { Virsh } from './virsh.ts';

const isRoot = process.geteuid?.() === 0;
if (!isRoot) console.warn('SKIPPED: comparison with virsh: the private daemon needs root');

const tables: [string, Row[]][] = [
  ['the host', hostRows],
  ['storage', storageRows],
  ['networks, filters and secrets', networkRows],
  ['a domain that is off', domainRows],
  ['a domain that runs', liveRows],
];
const rows = tables.flatMap(([, table]) => table);
const by = ({ ours, theirs }: Row): string => {
  if (ours !== undefined) return 'by node-libvirt';
  return theirs === undefined ? 'reading' : 'by virsh';
};

describe.skipIf(missing !== null || !isRoot)('node-libvirt and virsh agree', () => {
  let daemon: TestDaemon;
  let connection: Connection;
  let virsh: Virsh;
  let host: Host;
  let directory: string;

  beforeAll(async () => {
    daemon = await startRootDaemon();
    connection = await connect(daemon.uri);
    directory = await mkdtemp('/tmp/lvd-');
    await chmod(directory, 0o755);
    virsh = new Virsh(daemon.uri);
    host = new Host(connection, virsh, directory);
  });
  afterAll(async () => {
    await connection?.close();
    await virsh?.quit();
    await daemon?.stop();
    await rm(directory, { recursive: true, force: true });
  });

  it('on at least 80 operations, both ways', () => {
    const count = (what: string) => rows.filter((row) => by(row) === what).length;
    const [ours, theirs, reading] = ['by node-libvirt', 'by virsh', 'reading'].map(count);
    console.log(
      `differential: ${rows.length} operations: ${ours} by node-libvirt, ${theirs} by virsh, ${reading} that only read`,
    );
    expect(rows.length).toBeGreaterThanOrEqual(80);
    expect(Number(ours) + Number(theirs)).toBeGreaterThanOrEqual(80);
  });

  describe.each(tables)('on %s', (_topic, table) => {
    it.each(table.map((row): [string, Row] => [`${row.name}, ${by(row)}`, row]))(
      '%s',
      async (_name, row) => {
        if (row.ours !== undefined) await row.ours(host);
        if (typeof row.theirs === 'string') await host.virsh(row.theirs);
        else if (row.theirs !== undefined) await row.theirs(host);
        const theirs = row.as(await host.virsh(row.virsh));
        const ours = await row.read(host);
        expect(ours).toEqual(theirs);
        if (row.want !== undefined) expect(ours).toEqual(row.want);
      },
    );
  });
});
