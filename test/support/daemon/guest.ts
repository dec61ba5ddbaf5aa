import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { waitUntil } from './wait-until.ts';
import type { TestDaemon } from './world.ts';

export type GuestSpec = {
  readonly name: string;
  readonly firmware?: 'bios' | 'uefi';
  readonly memoryMiB?: number;
  readonly tpm?: boolean;
  readonly kernel?: { readonly path: string; readonly initrd: string; readonly cmdline: string };
  /** qcow2 disk to boot from. */
  readonly disk?: string;
  /** Seed medium, attached as a read-only virtio disk. */
  readonly seed?: string;
};

export type Progress = { readonly phase: string; readonly [key: string]: unknown };

const disk = (type: string, path: string, target: string, more: string): string =>
  `<disk type='file' device='disk'><driver name='qemu' type='${type}' cache='unsafe'/><source file='${path}'/><target dev='${target}' bus='virtio'/>${more}</disk>`;

function osElement({ firmware = 'bios', kernel }: GuestSpec): string {
  const type = `<type arch='x86_64' machine='q35'>hvm</type>`;
  const boot = kernel
    ? `<kernel>${kernel.path}</kernel><initrd>${kernel.initrd}</initrd><cmdline>${kernel.cmdline}</cmdline>`
    : `<boot dev='hd'/>`;
  return firmware === 'uefi'
    ? `<os firmware='efi'>${type}<firmware><feature enabled='no' name='secure-boot'/></firmware>${boot}</os>`
    : `<os>${type}${boot}</os>`;
}

/** A plain TCG domain with serial, progress and guest agent channels, for tests of media and daemons. */
export function guestXml(spec: GuestSpec, folder: string): string {
  const at = (suffix: string): string => join(folder, `${spec.name}.${suffix}`);
  return `<domain type='qemu'>
  <name>${spec.name}</name><memory unit='MiB'>${spec.memoryMiB ?? 256}</memory><vcpu>1</vcpu>
  ${osElement(spec)}
  <features><acpi/><apic/></features><cpu mode='maximum'/><clock offset='utc'/><on_poweroff>destroy</on_poweroff>
  <devices>
    ${spec.disk ? disk('qcow2', spec.disk, 'vda', '') : ''}
    ${spec.seed ? disk('raw', spec.seed, 'vdb', '<readonly/>') : ''}
    <interface type='network'><source network='default'/><model type='virtio'/></interface>
    <serial type='file'><source path='${at('serial')}'/></serial>
    <channel type='file'><source path='${at('progress')}'/><target type='virtio' name='org.berth.progress.0'/></channel>
    <channel type='unix'><target type='virtio' name='org.qemu.guest_agent.0'/></channel>
    <graphics type='spice'><listen type='socket'/></graphics>
    <video><model type='vga'/></video>
    <rng model='virtio'><backend model='random'>/dev/urandom</backend></rng>
    ${spec.tpm ? "<tpm model='tpm-crb'><backend type='emulator' version='2.0'/></tpm>" : ''}
    <memballoon model='none'/>
  </devices>
</domain>
`;
}

export function readProgress(path: string): Progress[] {
  if (!existsSync(path)) return [];
  const whole = readFileSync(path, 'utf8').split('\n').slice(0, -1);
  return whole.filter(Boolean).map((line) => JSON.parse(line));
}

/** Waits for a line with that phase and answers all lines up to now; the guest's serial output explains a failure. */
export async function waitForPhase(
  daemon: TestDaemon,
  name: string,
  phase: string,
  timeoutMs: number,
): Promise<Progress[]> {
  const path = join(daemon.poolDir, `${name}.progress`);
  const serial = join(daemon.poolDir, `${name}.serial`);
  try {
    return await waitUntil(`"${phase}" from ${name}`, timeoutMs, () => {
      const lines = readProgress(path);
      return lines.some((line) => line.phase === phase) && lines;
    });
  } catch (error) {
    const tail = existsSync(serial)
      ? readFileSync(serial, 'utf8').slice(-2000)
      : '(no serial output)';
    throw new Error(`${String(error)}\n${tail}`);
  }
}

export const waitForState = (
  daemon: TestDaemon,
  name: string,
  state: string,
  timeoutMs: number,
): Promise<boolean> =>
  waitUntil(
    `${name} to be ${state}`,
    timeoutMs,
    async () => (await daemon.virsh('domstate', name)).trim() === state,
  );
