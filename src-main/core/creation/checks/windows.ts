import type { Finding } from '../../../../src-contract/model/error.ts';
import type { Media } from '../../../../src-contract/model/media.ts';
import { answersWindows } from '../../../../src-contract/model/unattended.ts';
import { installMode } from '../../domain/installer.ts';
import type { Wish } from '../../domain/request.ts';
import { demandsSecureBoot, isProductKey } from '../../domain/windows.ts';
import type { HostAbilities } from '../../ports/hypervisor.ts';
import type { Check } from './check-input.ts';

const isDrivers = ({ installer, state }: Media): boolean =>
  installer?.family === 'drivers' && state === 'ready';

/** The medium with virtio drivers that a wish gets: the one that it names, else the newest of the library. */
export function driversOf(wish: Wish, library: readonly Media[]): Media | null {
  if (!answersWindows(wish.template) || wish.drivers === 'none') return null;
  const known = library.filter(isDrivers);
  if (wish.drivers !== null) return known.find(({ id }) => id === wish.drivers) ?? null;
  return known.toSorted((a, b) => b.addedAt - a.addedAt)[0] ?? null;
}

const DRIVERS_FIELD = 'overrides.driversMediaId';

/** Without the medium Setup would see no virtio disk. The machine can do without: then it gets SATA and e1000e. */
export const checkDrivers: Check = ({ wish, image, drivers }) => {
  if (installMode(wish.template, image) !== 'answered' || wish.drivers === 'none') return [];
  if (drivers !== null) return [];
  const code = 'virtio_drivers_missing';
  const field = DRIVERS_FIELD;
  if (wish.drivers !== null) {
    return [
      {
        code,
        severity: 'error',
        message: 'The chosen medium with virtio drivers is not in the library, or not ready.',
        hint: 'Without them Setup would see no disk. Choose another one, or do without virtio.',
        field,
        fix: { action: 'set-field', label: 'Use SATA and e1000e', field, value: 'none' },
      },
    ];
  }
  return [
    {
      code,
      severity: 'warning',
      message:
        'The library has no medium with virtio drivers: the machine gets a SATA disk and an e1000e card, which are slower, and cannot tell how far it is.',
      hint: 'Add the ISO image “virtio-win” to the library.',
      field,
      fix: { action: 'add-media', label: 'Add an image' },
    },
  ];
};

/** What of its demands a Windows has to do without here; its Setup is told so, and nobody else's. */
export function unmetDemands(
  { template, firmware }: Wish,
  abilities: Pick<HostAbilities, 'tpm' | 'uefiSecure'>,
): { tpm: boolean; secureBoot: boolean } {
  const can = answersWindows(template) && demandsSecureBoot(template.os);
  return {
    tpm: can && !abilities.tpm,
    secureBoot: can && firmware === 'uefi' && !abilities.uefiSecure,
  };
}

/** Windows 11 wants UEFI with Secure Boot, and a TPM that the template must have. */
export const checkWindowsDemands: Check = ({ wish, facts }) => {
  const { template, firmware } = wish;
  if (template.source.kind !== 'installer' || !demandsSecureBoot(template.os)) return [];
  const { label } = template.os;
  return [
    ...secureBoot(label, firmware, unmetDemands(wish, facts.abilities).secureBoot),
    ...(template.tpm
      ? []
      : [
          {
            code: 'windows_needs_tpm',
            severity: 'warning' as const,
            message: `${label} refuses to be installed without a TPM, and the template has none.`,
            hint: 'Switch the TPM on in the template.',
            field: 'templateId',
          },
        ]),
  ];
};

function secureBoot(label: string, firmware: Wish['firmware'], passedOver: boolean): Finding[] {
  if (firmware === 'uefi-secure') return [];
  const code = 'windows_needs_secure_boot';
  const field = 'overrides.firmware';
  if (passedOver) {
    return [
      {
        code,
        severity: 'warning',
        message: `This host has no firmware with Secure Boot: ${label} is installed without it, its check is switched off.`,
        hint: 'Install the OVMF firmware to have it.',
        field,
      },
    ];
  }
  return [
    {
      code,
      severity: 'error',
      message: `${label} refuses to be installed without Secure Boot.`,
      hint: 'Use UEFI with Secure Boot.',
      field,
      fix: {
        action: 'set-field',
        label: 'Use UEFI with Secure Boot',
        field,
        value: 'uefi-secure',
      },
    },
  ];
}

/** The key itself is never in a message. */
export function checkProductKey(template: Wish['template'], productKey: string | null): Finding[] {
  if (productKey === null) return [];
  const field = 'productKey';
  if (!answersWindows(template)) {
    return [
      {
        code: 'product_key_unused',
        severity: 'warning',
        message: `Nothing asks for a product key when ${template.name} is made: it is not used.`,
        field,
      },
    ];
  }
  if (isProductKey(productKey)) return [];
  return [
    {
      code: 'product_key_invalid',
      severity: 'error',
      message: 'This is not a product key of Windows.',
      hint: 'It has five groups of five letters and digits, with hyphens between them.',
      field,
    },
  ];
}
