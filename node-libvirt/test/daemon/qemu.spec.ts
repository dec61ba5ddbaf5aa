import { Buffer } from 'node:buffer';
import { createHash, randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { rm, stat } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  AgentLifecycleState,
  type Connection,
  connect,
  type Domain,
  DomainState,
  DomainUndefineFlags,
  KeycodeSet,
  type StoragePool,
} from '../../src/index.ts';
import { missing, SessionDaemon } from '../support/session-daemon.ts';
import { until } from '../support/until.ts';

const noQemu = existsSync('/usr/bin/qemu-system-x86_64')
  ? null
  : 'qemu-system-x86_64 is not installed (Debian: qemu-system-x86)';
if (noQemu !== null) console.warn(`SKIPPED: tests with QEMU: ${noQemu}`);

const MEBIBYTE = 1 << 20;
const sha256 = (data: Uint8Array) => createHash('sha256').update(data).digest('hex');

describe.skipIf(missing !== null || noQemu !== null)('QEMU behind a real daemon', () => {
  let daemon: SessionDaemon;
  let connection: Connection;
  let pool: StoragePool;

  beforeAll(async () => {
    daemon = await SessionDaemon.start();
    connection = await connect(daemon.uri('qemu:///session'));
    pool = await connection.storagePoolDefineXML(
      `<pool type="dir"><name>files</name><target><path>${daemon.path('pool/dir')}</path></target></pool>`,
    );
  });
  afterAll(async () => {
    await connection?.close();
    await daemon?.remove();
  });

  const volumeXML = (name: string, bytes: number, format = 'raw') =>
    `<volume><name>${name}</name><capacity>${bytes}</capacity><allocation>0</allocation><target><format type="${format}"/></target></volume>`;

  it('says what this host can do', async () => {
    const capabilities = await connection.getDomainCapabilities({
      arch: 'x86_64',
      virttype: 'qemu',
      machine: 'q35',
    });
    expect(capabilities).toContain('<domainCapabilities>');
    expect(await connection.getVersion()).toBeGreaterThan(2_000_000);
    expect(await connection.getCPUModelNames('x86_64')).toContain('qemu64');
    expect((await connection.getMemoryStats())['total']).toBeGreaterThan(100_000);
    expect((await connection.getCPUStats())['user']).toBeGreaterThan(0);
  });

  it('makes a pool, and events tell of it', async () => {
    const seen: string[] = [];
    const stops = [
      await connection.onStoragePoolEvent('lifecycle', ({ pool, event }) =>
        seen.push(`${pool.name} ${event}`),
      ),
      await connection.onStoragePoolEvent('refresh', ({ pool }) => seen.push(`${pool.name} again`)),
    ];
    await pool.build();
    await pool.create();
    await pool.refresh();
    await until('the refresh is told', () => seen.includes('files again'));
    expect(seen).toContain('files 2');
    expect((await connection.storagePoolLookupByTargetPath(daemon.path('pool/dir'))).name).toBe(
      'files',
    );
    for (const stop of stops) await stop();
  });

  it('carries bytes into a volume and back', async () => {
    const data = randomBytes(8 * MEBIBYTE + 123);
    const volume = await pool.createVolXML(volumeXML('bytes.img', data.length));
    let progress = 0;
    expect(
      await volume.upload([data.subarray(0, 1000), data.subarray(1000)], {
        onProgress: (bytes) => {
          progress = bytes;
        },
      }),
    ).toBe(data.length);
    expect(progress).toBe(data.length);
    const hash = createHash('sha256');
    for await (const chunk of await volume.download()) hash.update(chunk);
    expect(hash.digest('hex')).toBe(sha256(data));
    const part: Uint8Array[] = [];
    for await (const chunk of await volume.download({ offset: 500, length: 1000 })) {
      part.push(chunk);
    }
    expect(Buffer.concat(part).equals(data.subarray(500, 1500))).toBe(true);
    await volume.delete();
  });

  it('keeps holes as holes in both directions', async () => {
    const data = Buffer.alloc(64 * MEBIBYTE);
    randomBytes(MEBIBYTE).copy(data, 10 * MEBIBYTE);
    const volume = await pool.createVolXML(volumeXML('sparse.img', data.length));
    await volume.upload([data], { sparse: true });
    const { blocks } = await stat(await volume.getPath());
    expect(blocks * 512).toBeLessThan(4 * MEBIBYTE);
    let holes = 0;
    const hash = createHash('sha256');
    for await (const chunk of (await volume.download({ sparse: true })).chunks()) {
      if ('hole' in chunk) holes += chunk.hole;
      hash.update('hole' in chunk ? Buffer.alloc(chunk.hole) : chunk.data);
    }
    expect(holes).toBeGreaterThan(32 * MEBIBYTE);
    expect(hash.digest('hex')).toBe(sha256(data));
    await volume.delete();
  });

  it('stops transfers that are given up, and the volume stays usable', async () => {
    const volume = await pool.createVolXML(volumeXML('given-up.img', 32 * MEBIBYTE));
    for await (const chunk of await volume.download()) {
      expect(chunk.length).toBeGreaterThan(0);
      break;
    }
    const controller = new AbortController();
    async function* source() {
      yield Buffer.alloc(MEBIBYTE);
      controller.abort(new Error('given up'));
      yield Buffer.alloc(MEBIBYTE);
    }
    await expect(volume.upload(source(), { signal: controller.signal })).rejects.toThrow(
      'given up',
    );
    await volume.resize(33 * MEBIBYTE);
    expect((await volume.getInfo()).capacity).toBe(33 * MEBIBYTE);
    await volume.wipe();
    await volume.delete();
  });

  it('reports what the daemon refuses', async () => {
    const volume = await pool.createVolXML(volumeXML('gone.img', MEBIBYTE));
    await rm(await volume.getPath());
    await expect(volume.upload([Buffer.alloc(100)])).rejects.toMatchObject({
      name: 'LibvirtError',
      procedure: 'STORAGE_VOL_UPLOAD',
    });
    await pool.refresh();
    await expect(pool.volLookupByName('gone.img')).rejects.toMatchObject({ isNoStorageVol: true });
  });

  it('clones a volume', async () => {
    const volume = await pool.createVolXML(volumeXML('original.img', MEBIBYTE));
    await volume.upload([Buffer.from('original')]);
    const clone = await pool.createVolXMLFrom(volumeXML('clone.img', MEBIBYTE), volume);
    const bytes: Uint8Array[] = [];
    for await (const chunk of await clone.download({ length: 8 })) bytes.push(chunk);
    expect(Buffer.concat(bytes).toString()).toBe('original');
    await clone.delete();
    await volume.delete();
  });

  describe('with a machine', () => {
    let vm: Domain;

    const xml = () => `<domain type="qemu">
      <name>machine</name><memory unit="MiB">64</memory><vcpu>1</vcpu>
      <os><type arch="x86_64" machine="q35">hvm</type></os>
      <features><acpi/></features>
      <devices>
        <disk type="file" device="disk"><driver name="qemu" type="qcow2"/>
          <source file="${daemon.path('pool/dir/disk.qcow2')}"/><target dev="vda" bus="virtio"/></disk>
        <serial type="pty"/><console type="pty"/>
        <channel type="unix"><target type="virtio" name="org.qemu.guest_agent.0"/></channel>
        <video><model type="vga"/></video>
        <graphics type="vnc" socket="${daemon.path('run/vnc')}"/>
      </devices></domain>`;

    it('defines and starts it, and tells of it', async () => {
      await pool.createVolXML(volumeXML('disk.qcow2', 16 * MEBIBYTE, 'qcow2'));
      const agent: number[] = [];
      await connection.onDomainEvent('agent-lifecycle', ({ state }) => agent.push(state));
      vm = await connection.domainDefineXML(xml(), 1);
      await vm.createWithFlags();
      expect(vm.id).toBeGreaterThan(0);
      expect(await vm.getState()).toMatchObject({ state: DomainState.RUNNING });
      await until('the agent event', () => agent.length > 0);
      expect(agent).toContain(AgentLifecycleState.DISCONNECTED);
      await expect(vm.createWithFlags()).rejects.toMatchObject({ isOperationInvalid: true });
    });

    it('takes a screenshot', async () => {
      const { mime, stream } = await vm.screenshot();
      const chunks: Uint8Array[] = [];
      for await (const chunk of stream) chunks.push(chunk);
      expect(mime).toMatch(/^image\//);
      expect(Buffer.concat(chunks).length).toBeGreaterThan(100);
    });

    it('presses keys and measures it', async () => {
      await vm.sendKey(KeycodeSet.LINUX, 50, [28]);
      const [stats] = await connection.getAllDomainStats([vm]);
      expect(stats).toMatchObject({ domain: { uuid: vm.uuid } });
      expect(stats!.params['block.0.name']).toBe('vda');
      expect((await vm.blockStats('vda')).errs).toBeLessThanOrEqual(0);
      expect((await vm.getBlockInfo('vda')).capacity).toBe(16 * MEBIBYTE);
      expect((await vm.memoryStats()).size).toBeGreaterThan(0);
    });

    it('says that no agent answers, and goes on meanwhile', async () => {
      await vm.agentSetResponseTimeout(1);
      const ask = vm.qemuAgentCommand('{"execute":"guest-ping"}', 1);
      const expectation = expect(ask).rejects.toMatchObject({ isAgentUnresponsive: true });
      expect(await vm.isActive()).toBe(true);
      await expectation;
    });

    it('attaches, resizes and detaches a disk', async () => {
      await pool.createVolXML(volumeXML('extra.qcow2', MEBIBYTE, 'qcow2'));
      const disk = `<disk type="file" device="disk"><driver name="qemu" type="qcow2"/><source file="${daemon.path('pool/dir/extra.qcow2')}"/><target dev="sdb" bus="usb"/></disk>`;
      await vm.attachDeviceFlags(disk, 1);
      expect(await vm.getXMLDesc()).toContain('extra.qcow2');
      await vm.blockResize('sdb', 2 * MEBIBYTE, 1);
      expect((await vm.getBlockInfo('sdb')).capacity).toBe(2 * MEBIBYTE);
      const removed: string[] = [];
      const stop = await connection.onDomainEvent('device-removed', ({ devAlias }) =>
        removed.push(devAlias),
      );
      await vm.detachDeviceFlags(disk, 1);
      await until('the disk is gone', () => removed.includes('usb-disk1'));
      await stop();
    });

    it('runs a block job, and tells when it is done', async () => {
      const done: number[] = [];
      const stop = await connection.onDomainEvent('block-job', ({ status }) => done.push(status));
      await vm.snapshotCreateXML(
        `<domainsnapshot><disks><disk name="vda" snapshot="external"><source file="${daemon.path('pool/dir/over.qcow2')}"/></disk></disks></domainsnapshot>`,
        16 | 4,
      );
      await vm.blockPull('vda');
      await until('the job is done', () => done.length > 0);
      expect(done).toEqual([0]);
      expect(await vm.getBlockJobInfo('vda')).toBeNull();
      await stop();
    });

    it('opens its console both ways', async () => {
      const console = await vm.openConsole(null, 1);
      await console.write(Buffer.from('\r'));
      await console.finish();
    });

    it('saves it and restores it', async () => {
      await vm.managedSave();
      expect(await vm.hasManagedSaveImage()).toBe(true);
      expect(vm.id).toBe(-1);
      await vm.create();
      expect(await vm.hasManagedSaveImage()).toBe(false);
    });

    it('survives the daemon: it reconnects, and the machine runs on', async () => {
      const other = await connect(daemon.uri('qemu:///session'), {
        reconnect: { initialDelayMs: 20, maxDelayMs: 200 },
      });
      try {
        const seen: number[] = [];
        await other.onDomainEvent('lifecycle', ({ event }) => seen.push(event));
        const handle = await other.domainLookupByName('machine');
        const back = new Promise<void>((resolve) => other.onReconnected(resolve));
        await daemon.kill('SIGKILL');
        await daemon.start();
        await back;
        expect(await handle.isActive()).toBe(true);
        // Waits its turn until the new daemon has taken the machine over.
        await handle.blockStats('vda');
        await handle.destroyFlags();
        await until('the end is told', () => seen.includes(5));
      } finally {
        await other.close();
      }
    });

    it('removes it', async () => {
      connection = await connect(daemon.uri('qemu:///session'));
      vm = await connection.domainLookupByName('machine');
      await vm.undefineFlags(DomainUndefineFlags.MANAGED_SAVE | DomainUndefineFlags.NVRAM);
      await expect(connection.domainLookupByUUID(vm.uuid)).rejects.toMatchObject({
        isNoDomain: true,
      });
    });
  });
});
