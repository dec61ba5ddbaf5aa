import type { DoctorCheck, Host } from '../../../src-contract/model/host.ts';
import type { HostAbilities, Hypervisor } from '../ports/hypervisor.ts';

export function checkConnection(host: Host): DoctorCheck {
  const common = { code: 'libvirt', title: 'libvirt' };
  if (host.connection === 'connected') {
    const detail = `${host.uri}, libvirt ${host.libvirtVersion}, ${host.scope} connection.`;
    return { ...common, status: 'ok', detail };
  }
  const error = host.error;
  return {
    ...common,
    status: 'error',
    detail: error?.message ?? 'Not connected.',
    hint: error?.hint ?? 'Is libvirtd installed, is it running, and are you in the libvirt group?',
    ...(error?.fix !== undefined && { fix: error.fix }),
  };
}

export async function checkAbilities(
  hypervisor: Hypervisor,
  signal: AbortSignal,
): Promise<DoctorCheck[]> {
  const abilities = await hypervisor.abilities({ signal });
  return [
    checkKvm(abilities),
    { code: 'qemu', title: 'QEMU', status: 'ok', detail: abilities.emulator },
    checkFirmware(abilities),
    checkTpm(abilities),
    checkSpice(abilities),
  ];
}

function checkKvm({ kvm }: HostAbilities): DoctorCheck {
  const common = { code: 'kvm', title: 'Hardware virtualization' };
  if (kvm.works) return { ...common, status: 'ok', detail: 'KVM works.' };
  return {
    ...common,
    status: 'warning',
    detail: kvm.reason ?? 'KVM is not available.',
    hint: 'Machines run with emulated CPUs, about ten times slower. Switch on VT-x or AMD-V in the firmware setup of this computer.',
  };
}

function checkFirmware({ uefi, uefiSecure }: HostAbilities): DoctorCheck {
  const common = { code: 'firmware', title: 'UEFI firmware' };
  if (uefi) {
    const detail = uefiSecure ? 'UEFI, also with Secure Boot.' : 'UEFI, without Secure Boot.';
    return { ...common, status: uefiSecure ? 'ok' : 'warning', detail };
  }
  return {
    ...common,
    status: 'warning',
    detail: 'No UEFI firmware for guests; machines boot with BIOS.',
    fix: { action: 'run-command', label: 'Install OVMF', command: 'sudo apt install ovmf' },
  };
}

function checkTpm({ tpm }: HostAbilities): DoctorCheck {
  const common = { code: 'tpm', title: 'Virtual TPM' };
  if (tpm) return { ...common, status: 'ok', detail: 'swtpm is there.' };
  return {
    ...common,
    status: 'warning',
    detail: 'No software TPM; guests that demand one, such as Windows 11, cannot be made.',
    fix: { action: 'run-command', label: 'Install swtpm', command: 'sudo apt install swtpm-tools' },
  };
}

function checkSpice({ graphics }: HostAbilities): DoctorCheck {
  const common = { code: 'spice', title: 'SPICE display' };
  if (graphics.includes('spice')) {
    return { ...common, status: 'ok', detail: "This host's QEMU has SPICE." };
  }
  return {
    ...common,
    status: 'warning',
    detail: "This host's QEMU has no SPICE; consoles use VNC.",
    hint: 'On Debian the package qemu-system-modules-spice or qemu-system-gui brings it.',
  };
}
