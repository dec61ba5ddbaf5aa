import { mkdtempSync, rmSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { CreateRequest } from '../../../src-contract/model/create-request.ts';
import { type Berth, compose } from '../../../src-main/compose.ts';
import { inputDefaults } from '../../fakes/defaults.ts';
import { startRootDaemon, type TestDaemon } from '../../support/daemon/index.ts';

const MiB = 1024 ** 2;
const ASKED = 40;
const ALLOWED = 30;
const SLOTS = 5;
const SERIAL = 4;

const home = mkdtempSync('/tmp/bm-');
let daemon: TestDaemon;
let berth: Berth;

beforeAll(async () => {
  daemon = await startRootDaemon();
  process.env['BERTH_DAEMON_PATHS'] = `/var/lib/libvirt=${daemon.outerPath('/var/lib/libvirt')}`;
  berth = await compose({ home, uri: daemon.uri });
  await berth.connect();
});
afterAll(async () => {
  await berth.close();
  await daemon.stop();
  rmSync(home, { recursive: true, force: true });
});

const request = (name: string, departmentId: string): CreateRequest => ({
  ...inputDefaults,
  templateId: 'blank',
  name,
  departmentId,
  overrides: { memoryBytes: 64 * MiB, diskBytes: 64 * MiB, vcpus: 1 },
});

async function timeSerial(): Promise<number> {
  const begun = performance.now();
  for (let i = 0; i < SERIAL; i++) {
    const { creationId, machineId } = await berth.creations.start(request(`s-${i}`, 'personal'));
    expect((await berth.creations.settled(creationId, 'running')).error).toBeNull();
    await berth.deleteMachine(machineId);
  }
  return (performance.now() - begun) / SERIAL;
}

/** The greatest number of creations that were at work at the same time. */
function watchConcurrency(): () => number {
  const working = new Set<string>();
  let most = 0;
  berth.hub.subscribe((event) => {
    if (!('creation' in event)) return;
    const { id, state } = event.creation;
    if (state === 'running' || state === 'rolling-back') working.add(id);
    else working.delete(id);
    most = Math.max(most, working.size);
  });
  return () => most;
}

/** A firmware that looks for a system burns a CPU when it is emulated, and thirty would burn thirty. */
function pauseWhatRuns(): void {
  berth.hub.subscribe((event) => {
    if (event.type !== 'vms.create_completed') return;
    const machine = berth.library.peek(event.machineId);
    if (machine) berth.ports.hypervisor.suspendDomain(machine.domainUuid).catch(() => undefined);
  });
}

test('of 40 that are asked for, 30 that the quota allows are made, 5 at a time', async () => {
  const one = await timeSerial();
  pauseWhatRuns();
  const { id } = await berth.departments.create({ name: 'Lab' });
  await berth.departments.setQuota(id, { machines: ALLOWED });
  const mostAtOnce = watchConcurrency();
  const begun = performance.now();
  const starts = await berth.creations.startMany(request('lab', id), ASKED);
  const ids = starts.flatMap(({ creationId }) => (creationId === null ? [] : [creationId]));
  const ended = await Promise.all(ids.map((each) => berth.creations.settled(each, 'running')));
  const took = performance.now() - begun;
  expect(ended.flatMap(({ name, error }) => (error ? [{ name, error }] : []))).toEqual([]);
  const refused = starts.filter((start) => start.creationId === null);
  expect(refused).toHaveLength(ASKED - ALLOWED);
  expect(new Set(refused.map(({ error }) => error.code))).toEqual(new Set(['quota_exceeded']));
  expect(mostAtOnce()).toBe(SLOTS);

  const { domains } = await daemon.listOutside();
  expect(domains).toHaveLength(ALLOWED);
  const macs = berth.library
    .list()
    .map(({ domainUuid }) => berth.ports.hypervisor.domainXml(domainUuid));
  const addresses = (await Promise.all(macs)).map((xml) => /<mac address='([^']+)'/.exec(xml)?.[1]);
  expect(new Set(addresses).size).toBe(ALLOWED);
  const share = ((took / (one * ALLOWED)) * 100).toFixed(0);
  console.log(
    `30 machines, 5 at a time: ${(took / 1000).toFixed(1)} s, ${share} % of one after the other`,
  );

  await Promise.all(ended.map(({ machineId }) => berth.deleteMachine(machineId)));
  const left = await daemon.listOutside();
  expect([left.domains, left.volumes, left.processes]).toEqual([[], [], []]);
}, 900_000);
