import { mkdtempSync, rmSync } from 'node:fs';
import { type Connection, connect } from 'node-libvirt';
import type { Template } from '../../src-contract/model/template.ts';
import { type Berth, type Ports, wireCore } from '../../src-main/compose/core.ts';
import { compose } from '../../src-main/compose.ts';
import { inputDefaults, templateDefaults } from '../fakes/defaults.ts';
import { buildTinyImage } from '../fixtures/index.ts';
import { startRootDaemon, type TestDaemon } from '../support/daemon/index.ts';
import { runProgram } from '../support/daemon/run-program.ts';
import { type Figure, median } from './report.ts';

const MiB = 1024 ** 2;
const GiB = 1024 ** 3;

/** An overlay on an image and nothing else: what virt-install --import makes too. */
const TEMPLATE: Template = {
  ...templateDefaults,
  id: 'bench',
  name: 'Bench',
  description: 'An overlay on an image, without a seed medium',
  os: { family: 'linux', label: 'Linux' },
  source: { kind: 'image', mediaId: null },
  vcpus: 1,
  memoryBytes: 256 * MiB,
  diskBytes: GiB,
  firmware: 'bios',
  tpm: false,
  video: 'virtio',
  audio: false,
  network: { kind: 'network', name: 'default' },
  login: 'none',
  readiness: 'none',
  active: true,
  builtIn: false,
  typicalSeconds: 1,
};

interface Stage {
  daemon: TestDaemon;
  berth: Berth;
  bare: Connection;
  mediaId: string;
  backing: string;
}

async function openStage(home: string): Promise<Stage> {
  const daemon = await startRootDaemon();
  process.env['BERTH_DAEMON_PATHS'] = `/var/lib/libvirt=${daemon.outerPath('/var/lib/libvirt')}`;
  let ports: Ports | undefined;
  const whole = await compose({
    home,
    uri: daemon.uri,
    wrap: (all) => {
      ports = all;
      return all;
    },
  });
  if (!ports) throw new Error('compose did not show its ports');
  const berth = wireCore(
    ports,
    { templates: [...whole.templates.list(), TEMPLATE], applications: [] },
    () => {},
  );
  await berth.connect();
  const { id } = await berth.media.add({ path: await buildTinyImage() });
  while (berth.media.list().some(({ state }) => state === 'importing')) {
    await new Promise((resolve) => berth.hub.subscribe(resolve));
  }
  const media = berth.media.list().find((one) => one.id === id);
  if (media?.state !== 'ready') throw new Error('the image could not be imported');
  const bare = await connect(daemon.uri);
  const pool = await bare.storagePoolLookupByName(media.pool);
  const backing = await (await pool.volLookupByName(media.volume)).getPath();
  return { daemon, berth, bare, mediaId: id, backing };
}

async function createWithBerth({ berth, mediaId }: Stage, name: string): Promise<number> {
  const start = performance.now();
  const { creationId, machineId } = await berth.creations.start({
    ...inputDefaults,
    templateId: TEMPLATE.id,
    name,
    overrides: { mediaId },
  });
  const creation = await berth.creations.settled(creationId, 'running');
  const ms = performance.now() - start;
  if (creation.error) throw new Error(`${creation.error.code}: ${creation.error.message}`);
  lastXml = await berth.ports.hypervisor.domainXml(berth.library.get(machineId).domainUuid, {
    inactive: true,
  });
  await berth.deleteMachine(machineId);
  return ms;
}

/** The definition that Berth made last: the bare calls make the same machine. */
let lastXml = '';

async function createBare({ bare, backing }: Stage, name: string): Promise<number> {
  const pool = await bare.storagePoolLookupByName('berth');
  const volumeXml = `<volume><name>${name}.qcow2</name><capacity>${GiB}</capacity>
    <target><format type='qcow2'/><compat>1.1</compat><features><lazy_refcounts/><extended_l2/></features></target>
    <backingStore><path>${backing}</path><format type='qcow2'/></backingStore></volume>`;
  const template = lastXml
    .replace(/<uuid>.*?<\/uuid>/, '')
    .replace(/<name>.*?<\/name>/, `<name>${name}</name>`)
    .replace(/<mac address=.*?\/>/, '');
  const start = performance.now();
  const volume = await pool.createVolXML(volumeXml);
  const path = await volume.getPath();
  const xml = template.replace(
    /(<disk type='file' device='disk'>[\s\S]*?<source file=')[^']*/,
    `$1${path}`,
  );
  const domain = await bare.domainDefineXML(xml, 1);
  await domain.createWithFlags(0);
  const ms = performance.now() - start;
  await domain.destroyFlags(0);
  await domain.undefineFlags(4);
  await volume.delete();
  return ms;
}

async function createWithVirtInstall({ daemon, backing }: Stage, name: string): Promise<number> {
  const args = [
    ...['--connect', daemon.uri, '--name', name, '--memory', '256', '--vcpus', '1'],
    ...['--import', '--noautoconsole', '--osinfo', 'generic', '--virt-type', 'qemu'],
    ...['--disk', `pool=berth,size=1,format=qcow2,backing_store=${backing},backing_format=qcow2`],
    ...['--network', 'network=default,model=virtio', '--graphics', 'spice,listen=none'],
    ...['--video', 'virtio', '--channel', 'spicevmc', '--rng', '/dev/urandom'],
  ];
  const start = performance.now();
  const made = await runProgram('virt-install', args, 60_000);
  const ms = performance.now() - start;
  if (made.code !== 0) throw new Error(`virt-install: ${made.stderr}`);
  await daemon.virsh('destroy', name);
  await daemon.virsh('undefine', name, '--remove-all-storage', '--nvram');
  return ms;
}

/** Wall time from the request to the running domain, the three ways interleaved. */
export async function* benchCreate(rounds = 12): AsyncGenerator<Figure> {
  const home = mkdtempSync('/tmp/bb-');
  const stage = await openStage(home);
  try {
    const times = { berth: [] as number[], bare: [] as number[], virtInstall: [] as number[] };
    for (let round = -1; round < rounds; round++) {
      const berth = await createWithBerth(stage, `bench-berth-${round + 1}`);
      const bare = await createBare(stage, `bench-bare-${round + 1}`);
      const virtInstall = await createWithVirtInstall(stage, `bench-vi-${round + 1}`);
      if (round < 0) continue; // the first of each kind fills caches
      times.berth.push(berth);
      times.bare.push(bare);
      times.virtInstall.push(virtInstall);
    }
    const bench = 'create';
    const [berth, bare, virtInstall] = [times.berth, times.bare, times.virtInstall].map(median);
    if (!berth || !bare || !virtInstall) throw new Error('nothing was measured');
    yield { bench, figure: 'virt-install, until the domain runs', value: virtInstall, unit: 'ms' };
    yield { bench, figure: 'bare volume + define + start', value: bare, unit: 'ms' };
    const figure = 'creation, until the domain runs';
    const unit = 'ms';
    yield {
      bench,
      figure,
      value: berth,
      unit,
      peer: 'virt-install',
      ratio: berth / virtInstall,
      limit: 0.5,
    };
    yield {
      bench,
      figure,
      value: berth,
      unit,
      peer: 'bare calls',
      ratio: berth / bare,
      limit: 1.35,
    };
  } finally {
    await stage.bare.close();
    await stage.berth.close();
    await stage.daemon.stop();
    rmSync(home, { recursive: true, force: true });
  }
}
