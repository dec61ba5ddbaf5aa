import { randomBytes, randomUUID } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { type CallOptions, type Connection, DomainCreateFlags, LibvirtError } from 'node-libvirt';
import { el, serializeXml } from '../../core/domain/domain-xml-element.ts';
import type { HostAbilities } from '../../core/ports/hypervisor.ts';
import { translate } from './errors.ts';

type KvmVerdict = Omit<HostAbilities['kvm'], 'offered'>;

/** Names of domains that only live for a moment, to see whether KVM works. */
const PROBE_PREFIX = 'berth-probe-';
const PROBE_MEMORY_MIB = 32;

/** Where KVM has worked since the host was started; a failure may be mended without a restart. */
const proven = new Set<string>();

/**
 * That a host offers KVM does not mean that it works: nested virtualization may be half there. The
 * proof is a guest without devices that is started paused, for this connection's life at most.
 */
export async function probeKvm(
  connection: Connection,
  emulator: string,
  call: CallOptions,
): Promise<KvmVerdict> {
  const key = `${await bootId()} ${connection.uri} ${emulator}`;
  if (proven.has(key)) return { works: true, reason: null };
  const { PAUSED, AUTODESTROY } = DomainCreateFlags;
  try {
    const domain = await connection.domainCreateXML(probeXml(emulator), PAUSED | AUTODESTROY, call);
    await domain.destroy(call);
  } catch (error) {
    if (!(error instanceof LibvirtError)) throw error;
    const failure = translate('start a guest under KVM', error);
    const told = failure instanceof Error ? failure.message : String(failure);
    return { works: false, reason: `This host offers KVM, but a guest does not start: ${told}` };
  }
  proven.add(key);
  return { works: true, reason: null };
}

export function probeXml(emulator: string): string {
  return serializeXml(
    el(
      'domain',
      { type: 'kvm' },
      el('name', {}, PROBE_PREFIX + randomBytes(4).toString('hex')),
      el('uuid', {}, randomUUID()),
      el('memory', { unit: 'MiB' }, String(PROBE_MEMORY_MIB)),
      el('vcpu', {}, '1'),
      el('os', {}, el('type', { arch: 'x86_64', machine: 'q35' }, 'hvm')),
      el('cpu', { mode: 'host-passthrough', check: 'none' }),
      el(
        'devices',
        {},
        el('emulator', {}, emulator),
        el('controller', { type: 'usb', model: 'none' }),
        el('memballoon', { model: 'none' }),
      ),
    ),
  );
}

async function bootId(): Promise<string> {
  return (await readFile('/proc/sys/kernel/random/boot_id', 'utf8').catch(() => '')).trim();
}

/** In plain words, as far as it can be seen from here. */
export async function whyNotOffered(refusal: string): Promise<string> {
  const device = await stat('/dev/kvm').catch(() => null);
  if (device === null) {
    return 'This host has no /dev/kvm: virtualization is turned off in its firmware, or it is a virtual machine without nested virtualization, or the module kvm_intel or kvm_amd is not loaded.';
  }
  return `QEMU cannot use /dev/kvm; its user may not be in the group kvm. libvirt says: ${refusal}`;
}
