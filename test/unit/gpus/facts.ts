import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parsePciDevice } from '../../../src-main/adapters/libvirt/node-devices.ts';
import { readPci } from '../../../src-main/adapters/system/pci.ts';
import type { PciFacts } from '../../../src-main/core/domain/pci.ts';
import { deviceXml, type GpuHost, writeKernel } from '../../fixtures/gpu/index.ts';

/** What the adapters read of a host's XML and of its sysfs. */
export async function factsOf(host: GpuHost): Promise<PciFacts> {
  const root = mkdtempSync(join(tmpdir(), 'berth-gpu-'));
  try {
    writeKernel(host, root);
    const devices = host.devices.flatMap((device) => parsePciDevice(deviceXml(host, device)) ?? []);
    return { devices, kernel: await readPci(root) };
  } finally {
    rmSync(root, { recursive: true });
  }
}
