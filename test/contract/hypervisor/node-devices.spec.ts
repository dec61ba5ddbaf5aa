import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createLibvirtHypervisor } from '../../../src-main/adapters/libvirt/index.ts';
import type { Hypervisor } from '../../../src-main/core/ports/hypervisor.ts';
import { nodeXml, nvidiaHost } from '../../fixtures/gpu/index.ts';
import { startSessionDaemon, type TestDaemon } from '../../support/daemon/index.ts';
import { silentLog } from './small-machine.ts';

/** libvirt's own test driver, which takes node devices of any host from a file. */
describe('devices of the host, of libvirt’s test driver', () => {
  let daemon: TestDaemon;
  beforeAll(async () => {
    daemon = await startSessionDaemon();
  });
  afterAll(() => daemon?.stop());

  const connected = async (path: string): Promise<Hypervisor> => {
    const uri = daemon.uri.replace(/^qemu:\/\/\/session/, `test://${path}`);
    const hypervisor = createLibvirtHypervisor({ uri, log: silentLog });
    await hypervisor.connect();
    return hypervisor;
  };

  it('are read with class, names, driver, group and NUMA node', async () => {
    const file = join(daemon.dir, 'node.xml');
    writeFileSync(file, nodeXml(nvidiaHost));
    const hypervisor = await connected(file);
    try {
      const devices = await hypervisor.listPciDevices();
      expect(devices.map(({ address }) => address)).toEqual(
        nvidiaHost.devices.map(({ address }) => address).sort(),
      );
      expect(devices.find(({ address }) => address === '0000:01:00.0')).toEqual({
        address: '0000:01:00.0',
        classCode: '030000',
        vendor: { id: '10de', name: 'NVIDIA Corporation' },
        product: { id: '1e84', name: 'TU104 [GeForce RTX 2070 SUPER]' },
        driver: expect.toSatisfy((driver) => driver === null || driver === 'nouveau'),
        iommuGroup: {
          id: 2,
          addresses: [
            ...['0000:00:01.0', '0000:01:00.0', '0000:01:00.1'],
            ...['0000:01:00.2', '0000:01:00.3'],
          ],
        },
        numaNode: 0,
      });
    } finally {
      await hypervisor.close();
    }
  });

  it('are none where there is no PCI bus', async () => {
    const hypervisor = await connected('/default');
    try {
      expect(await hypervisor.listPciDevices()).toEqual([]);
    } finally {
      await hypervisor.close();
    }
  });
});
