import { readdir, readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';

/** The parts of QEMU's firmware descriptors (docs/interop/firmware.json) that matter here. */
const descriptorSchema = z.object({
  'interface-types': z.array(z.string()),
  targets: z.array(z.object({ architecture: z.string(), machines: z.array(z.string()) })),
  features: z.array(z.string()),
});
type Descriptor = z.infer<typeof descriptorSchema>;

const folders = (): string[] => [
  join(process.env['XDG_CONFIG_HOME'] || join(homedir(), '.config'), 'qemu/firmware'),
  '/etc/qemu/firmware',
  '/usr/share/qemu/firmware',
];
const SECURE_FEATURES = ['secure-boot', 'enrolled-keys', 'requires-smm'] as const;

/**
 * Whether there is UEFI firmware for q35 with Secure Boot and its keys enrolled. libvirt says only
 * whether one has Secure Boot at all, so its descriptors are read; true when none can be seen from
 * here, which leaves the answer to libvirt.
 */
export async function canEnrollSecureBoot(places: readonly string[] = folders()): Promise<boolean> {
  const descriptors = (await Promise.all(places.map(readFolder))).flat();
  return descriptors.length === 0 || descriptors.some(isEnrolledSecureBoot);
}

function isEnrolledSecureBoot(descriptor: Descriptor): boolean {
  const { features, targets } = descriptor;
  const fits = targets.some(
    ({ architecture, machines }) =>
      architecture === 'x86_64' && machines.some((machine) => machine.startsWith('pc-q35')),
  );
  return (
    fits &&
    descriptor['interface-types'].includes('uefi') &&
    SECURE_FEATURES.every((feature) => features.includes(feature))
  );
}

async function readFolder(folder: string): Promise<Descriptor[]> {
  const names = await readdir(folder).catch(() => []);
  const files = names.filter((name) => name.endsWith('.json'));
  const read = await Promise.all(files.map((name) => readDescriptor(join(folder, name))));
  return read.filter((one) => one !== null);
}

/** An empty file masks the one of the same name in a later folder; it and broken ones are no firmware. */
async function readDescriptor(file: string): Promise<Descriptor | null> {
  try {
    return descriptorSchema.parse(JSON.parse(await readFile(file, 'utf8')));
  } catch {
    return null;
  }
}
