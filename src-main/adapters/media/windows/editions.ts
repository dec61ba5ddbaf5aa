import { isServer, type WindowsVersion } from '../../../core/domain/windows.ts';

const USUAL: Readonly<Record<WindowsVersion, string>> = {
  w10: 'Windows 10 Pro',
  w11: 'Windows 11 Pro',
  '2k16': 'Windows Server 2016 SERVERSTANDARD',
  '2k19': 'Windows Server 2019 SERVERSTANDARD',
  '2k22': 'Windows Server 2022 SERVERSTANDARD',
  '2k25': 'Windows Server 2025 SERVERSTANDARD',
};

/**
 * Keys that Microsoft publishes for computers that a server of the organisation activates ("KMS client activation
 * keys"). They choose the edition and activate nothing: without any key Setup would ask.
 */
const PUBLIC_KEYS: Readonly<Record<string, string>> = {
  Pro: 'W269N-WFGWX-YVC9B-4J6C9-T83GX',
  'Pro for Workstations': 'NRG8B-VKK3Q-CXVCJ-9G2XF-6Q84J',
  'Pro Education': '6TP4R-GNPTD-KYYHQ-7B7DP-J447Y',
  Education: 'NW6C2-QMPVW-D7KKK-3GKT6-VCFB2',
  Enterprise: 'NPPR9-FWDCX-D2C8J-H872K-2YT43',
};

interface Wanted {
  version: WindowsVersion;
  /** Name of the image as the medium has it; null = the usual one. */
  edition: string | null;
  productKey: string | null;
  /** Volume label of the medium. */
  label: string;
}

/** Which image is installed, by its name, and with which key; null = Setup finds out by itself. */
export function chooseEdition({ version, edition, productKey, label }: Wanted): {
  image: string | null;
  key: string | null;
} {
  const server = isServer(version);
  // Media of evaluation versions have one edition for clients, and keys of their own.
  const evaluation = /X64FREV_/i.test(label);
  if (server) return { image: edition ?? USUAL[version], key: productKey };
  if (productKey !== null) return { image: edition, key: productKey };
  if (evaluation) return { image: edition, key: null };
  const image = edition ?? USUAL[version];
  return { image, key: PUBLIC_KEYS[image.replace(/^Windows \d+ /, '')] ?? null };
}
