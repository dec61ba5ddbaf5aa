import type { Finding } from '../../../../src-contract/model/error.ts';
import type { Check } from './check-input.ts';
import { unmetDemands } from './windows.ts';

export const checkFirmware: Check = ({ wish, facts }) => {
  const { uefi, uefiSecure } = facts.abilities;
  if (wish.firmware === 'bios') return [];
  if (wish.firmware === 'uefi' ? uefi : uefiSecure) return [];
  const secure = wish.firmware === 'uefi-secure';
  return [
    {
      code: 'firmware_missing',
      severity: 'error',
      message: secure
        ? 'This host has no UEFI firmware with Secure Boot for machines.'
        : 'This host has no UEFI firmware for machines.',
      hint: 'Install the OVMF firmware.',
      field: 'overrides.firmware',
      fix: {
        action: 'run-command',
        label: 'Install OVMF',
        command: 'sudo apt install ovmf || sudo dnf install edk2-ovmf',
      },
    },
  ];
};

export const checkTpm: Check = ({ wish, facts }) => {
  if (!wish.template.tpm || facts.abilities.tpm) return [];
  const passedOver = unmetDemands(wish, facts.abilities).tpm;
  return [
    {
      code: 'tpm_missing',
      severity: passedOver ? 'warning' : 'error',
      message: passedOver
        ? `This host cannot emulate a TPM: ${wish.template.os.label} is installed without one, its check is switched off.`
        : 'The template needs a TPM, and this host cannot emulate one.',
      hint: 'Install swtpm.',
      fix: {
        action: 'run-command',
        label: 'Install swtpm',
        command: 'sudo apt install swtpm swtpm-tools || sudo dnf install swtpm swtpm-tools',
      },
    },
  ];
};

export const checkDisplay: Check = ({ facts }) => {
  const { graphics } = facts.abilities;
  if (graphics.includes('spice')) return [];
  const vnc = graphics.includes('vnc');
  return [
    {
      code: 'spice_missing',
      severity: 'warning',
      message: vnc
        ? 'QEMU on this host has no SPICE: the display uses VNC, without sound and clipboard.'
        : 'QEMU on this host has neither SPICE nor VNC: the machine has no display.',
      hint: vnc ? 'Install the SPICE module of QEMU if your system has one.' : 'Install them.',
    },
  ];
};

export const checkAccelerator: Check = ({ facts }): Finding[] => {
  const { kvm } = facts.abilities;
  if (kvm.works) return [];
  const reason = kvm.reason ? `${kvm.reason.replace(/\.?$/, '.')} ` : '';
  if (!kvm.offered) {
    return [
      {
        code: 'kvm_missing',
        severity: 'warning',
        message: 'There is no KVM here: the machine is emulated, which is many times slower.',
        hint: `${reason}Switch on virtualization (VT-x or AMD-V) in the firmware setup and load the kvm module.`,
      },
    ];
  }
  return [
    {
      code: 'kvm_broken',
      severity: 'warning',
      message: 'KVM does not work here: the machine is emulated, which is many times slower.',
      hint: `${reason}Inside another virtual machine, switch on nested virtualization there.`,
    },
  ];
};
