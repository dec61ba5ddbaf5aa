import type { IsoFile } from './iso9660.ts';
import { MediaError } from './media-error.ts';

export type NoCloudInput = {
  /** A new id makes cloud-init configure the guest again. */
  readonly instanceId: string;
  readonly hostname: string;
  /** Administrator account, with sudo. */
  readonly user: string;
  /** As crypt(3) makes it (see `hashPassword`); absent: the password is locked and only SSH keys work. */
  readonly passwordHash?: string;
  readonly sshKeys?: readonly string[];
  /** Name of the virtio-serial port that progress is written to; absent: no progress lines. */
  readonly progressPort?: string;
  /** Absent: cloud-init's own default, DHCP on the first card. */
  readonly network?: { readonly mac: string };
};

/** The files of a NoCloud seed: `user-data`, `meta-data` and, with `network`, `network-config`. Throws `seed_invalid_input`. */
export function buildNoCloudFiles(_input: NoCloudInput): IsoFile[] {
  throw new MediaError('seed_invalid_input', 'not built yet');
}

/** The same as an ISO image with the label `cidata`. */
export function buildNoCloudSeed(_input: NoCloudInput): Buffer {
  throw new MediaError('seed_invalid_input', 'not built yet');
}
