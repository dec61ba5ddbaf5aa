import { randomUUID } from 'node:crypto';
import { createReadStream, statSync } from 'node:fs';
import { rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildTryoutFiles } from '../../fixtures/index.ts';
import { waitUntil } from '../../support/daemon/index.ts';
import { type AdapterWorld, createAdapterWorld, isState } from './adapter-world.ts';

const READY_TIMEOUT_MS = 150_000;
const POOL = 'berth-machines';

let world: AdapterWorld;
beforeAll(async () => {
  world = await createAdapterWorld();
});
afterAll(() => world?.dispose());

async function uploadFile(name: string, file: string): Promise<string> {
  const capacityBytes = statSync(file).size;
  const spec = { name, format: 'raw' as const, capacityBytes };
  const { volume } = await world.hypervisor.createVolume(POOL, spec);
  await world.hypervisor.uploadVolume(POOL, name, createReadStream(file));
  return volume.path;
}

/** Collects the lines of a stream until one satisfies; the rest goes on being read. */
function lineReader(stream: AsyncIterable<Uint8Array>) {
  const lines: { phase?: string; address?: string }[] = [];
  const finished = (async () => {
    let rest = '';
    for await (const chunk of stream) {
      const parts = (rest + Buffer.from(chunk).toString('utf8')).split('\n');
      rest = parts.pop() ?? '';
      lines.push(...parts.filter(Boolean).map((line) => JSON.parse(line)));
    }
  })();
  return { lines, finished };
}

const accepts = (path: string): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(path, () => socket.end(() => resolve(true)));
    socket.once('error', () => resolve(false));
  });

describe('a guest that boots', () => {
  it('reports over its channel, shows its screen, has an address and powers off', async () => {
    const { hypervisor, seen, events } = world;
    await hypervisor.ensurePool(POOL);
    const files = await buildTryoutFiles();
    const kernel = await uploadFile('kernel', files.kernel);
    const initrd = await uploadFile('initrd', files.initrd);
    const spec = await world.define(
      {
        memoryBytes: 256 * 1024 ** 2,
        network: { kind: 'network', name: 'default' },
        directBoot: { kernelVolume: 'kernel', initrdVolume: 'initrd', cmdline: files.cmdline },
      },
      { kernel, initrd },
    );
    const uuid = spec.domainUuid;
    await hypervisor.startDomain(uuid, { paused: true });
    const { lines, finished } = lineReader(
      await hypervisor.openChannel(uuid, 'org.berth.progress.0'),
    );
    await hypervisor.resumeDomain(uuid);
    await waitUntil('the guest to be ready', READY_TIMEOUT_MS, () =>
      lines.some(({ phase }) => phase === 'ready'),
    );
    const ready = lines.find(({ phase }) => phase === 'ready');
    // The guest has its lease before dnsmasq has written it down.
    await waitUntil('its address', 60_000, async () =>
      (await hypervisor.domainAddresses(uuid)).includes(ready?.address ?? ''),
    );

    const picture = await hypervisor.screenshot(uuid);
    expect(picture?.mime).toMatch(/^image\//);
    expect(picture?.data.length).toBeGreaterThan(500);

    const { protocol, target } = await hypervisor.consoleEndpoint(uuid);
    expect(protocol).toBe('spice');
    expect(target.kind === 'unix' && (await accepts(target.path))).toBe(true);

    const from = events.length;
    await hypervisor.shutdownDomain(uuid);
    await seen('the power-off', isState(uuid, 'off'), from);
    await finished;
    await hypervisor.undefineDomain(uuid);
    for (const name of ['kernel', 'initrd']) await hypervisor.deleteVolume(POOL, name);
    await hypervisor.removePool(POOL);
  });
});

describe('a machine with firmware and TPM', () => {
  it('leaves neither NVRAM nor TPM state nor processes behind', async () => {
    const { daemon, hypervisor } = world;
    const before = await daemon.listOutside();
    const spec = await world.define({ firmware: 'uefi-secure', tpm: true, memoryBytes: 2 ** 27 });
    await hypervisor.startDomain(spec.domainUuid, { paused: true });
    const during = await daemon.listOutside();
    const grown = during.files.filter((file) => !before.files.includes(file)).join('\n');
    expect(grown).toMatch(/nvram\/.*_VARS\.fd/);
    expect(grown).toMatch(/swtpm\//);
    await hypervisor.destroyDomain(spec.domainUuid);
    await hypervisor.undefineDomain(spec.domainUuid);
    expect(await daemon.listOutside()).toEqual(before);
  });

  it('goes with its managed save image', async () => {
    const { daemon, hypervisor } = world;
    const before = await daemon.listOutside();
    const spec = await world.define();
    await hypervisor.startDomain(spec.domainUuid);
    await daemon.virsh('managedsave', spec.domainName);
    await hypervisor.undefineDomain(spec.domainUuid);
    expect(await daemon.listOutside()).toEqual(before);
  });
});

describe('secrets', () => {
  it('are in the definition only when asked for', async () => {
    const spec = await world.define();
    const { hypervisor } = world;
    expect(await hypervisor.domainXml(spec.domainUuid)).not.toContain('p4ssw0rd');
    expect(await hypervisor.domainXml(spec.domainUuid, { secure: true })).toContain('p4ssw0rd');
    expect(JSON.stringify(await hypervisor.listDomains())).not.toContain('p4ssw0rd');
    await hypervisor.undefineDomain(spec.domainUuid);
  });
});

describe('domains that come and go elsewhere', () => {
  it('are told of as they change, in the order of the changes', async () => {
    const { daemon, hypervisor, events, seen } = world;
    const spec = await world.define();
    const uuid = spec.domainUuid;
    await seen('its definition', (event) => event.kind === 'domain-defined' && event.uuid === uuid);
    const from = events.length;
    await daemon.virsh('start', '--paused', spec.domainName);
    await daemon.virsh('resume', spec.domainName);
    await daemon.virsh('desc', spec.domainName, '--title', 'Another title', '--live', '--config');
    await daemon.virsh('destroy', spec.domainName);
    await daemon.virsh('undefine', spec.domainName);
    await seen('the end', isState(uuid, 'gone'), from);
    const told = events.slice(from).flatMap((event) => {
      if (event.kind === 'domain-state' && event.uuid === uuid) return [event.power];
      return event.kind === 'domain-defined' && event.uuid === uuid ? ['defined'] : [];
    });
    // Whether QEMU still says that it stops when it is ended at once is a race of its own.
    const certain = told.filter((one) => one !== 'stopping');
    expect(certain.filter((one, index) => one !== certain[index - 1])).toEqual([
      'running',
      'paused',
      'running',
      'defined',
      'off',
      'gone',
    ]);
    expect(await hypervisor.findDomain({ uuid })).toBeNull();
  });

  it('are told as gone when they were transient', async () => {
    const { daemon, hypervisor, events, seen } = world;
    const spec = await world.define();
    const xml = await hypervisor.domainXml(spec.domainUuid);
    await hypervisor.undefineDomain(spec.domainUuid);
    const uuid = randomUUID();
    const file = `${daemon.dir}/transient.xml`;
    await writeFile(file, xml.replace(spec.domainUuid, uuid));
    await daemon.virsh('create', file);
    await rm(file);
    expect(await hypervisor.findDomain({ uuid })).toMatchObject({
      persistent: false,
      power: 'running',
    });
    expect(await hypervisor.listDomains()).toContainEqual(
      expect.objectContaining({ uuid, persistent: false }),
    );
    const from = events.length;
    await hypervisor.destroyDomain(uuid);
    await seen('the end of the transient domain', isState(uuid, 'gone'), from);
  });
});

it('starts the network again and tells what is inactive until then', async () => {
  const { daemon, hypervisor } = world;
  await daemon.virsh('net-destroy', 'default');
  const network = async () =>
    (await hypervisor.listNetworks()).find(({ name }) => name === 'default');
  expect(await network()).toEqual({
    name: 'default',
    active: false,
    bridge: 'virbr0',
    forward: 'nat',
  });
  const spec = await world.define({ network: { kind: 'network', name: 'default' } });
  await expect(hypervisor.startDomain(spec.domainUuid)).rejects.toMatchObject({
    code: 'network_inactive',
    fix: { action: 'start-network', network: 'default' },
  });
  await hypervisor.startNetwork('default');
  await hypervisor.startNetwork('default');
  expect(await network()).toMatchObject({ active: true });
  await hypervisor.undefineDomain(spec.domainUuid);
});

it('finds and removes the firmware settings that a removed definition left', async () => {
  const { daemon, hypervisor } = world;
  const { domainUuid: uuid, domainName: name } = await world.define({ firmware: 'uefi' });
  await hypervisor.startDomain(uuid, { paused: true });
  await hypervisor.destroyDomain(uuid);
  await daemon.virsh('undefine', '--keep-nvram', uuid);
  const files = await hypervisor.leftFiles({ uuid, name });
  expect(files).toMatchObject([{ kind: 'firmware' }]);
  for (const { path } of files) await hypervisor.removeLeftFile({ uuid, name }, path);
  expect((await daemon.exec('ls', '/var/lib/libvirt/qemu/nvram')).stdout).not.toContain(name);
});
