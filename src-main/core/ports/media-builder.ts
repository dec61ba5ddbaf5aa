import type { InstallerMedium } from '../../../src-contract/model/media.ts';
import type { FirstBootTask } from '../domain/first-boot.ts';
import type { WindowsVersion } from '../domain/windows.ts';

/** Input of a NoCloud seed. `passwordHash` is a crypt(3) hash; the clear password never gets here. */
export interface SeedInput {
  instanceId: string;
  hostname: string;
  user: string | null;
  passwordHash: string | null;
  sshKeys: string[];
  /** What the guest runs once, in this order. */
  tasks: readonly FirstBootTask[];
}

/** Input of the answers to an installer's questions. */
export interface InstallInput extends Omit<SeedInput, 'user' | 'instanceId'> {
  user: string;
  installer: InstallerMedium;
}

export interface InstallAnswers {
  /** A small ISO image for a CD-ROM drive; null = the installer takes them from its initrd. */
  seed: Uint8Array | null;
  /** To be put behind the installer's initrd; null = nothing. */
  overlay: Uint8Array | null;
  files: SeedMedium['files'];
}

export interface SeedMedium {
  /** The whole ISO 9660 image. */
  bytes: Uint8Array;
  files: { path: string; content: string }[];
}

/** Input of the answers to Windows Setup. `password` is in the form of its answer files. */
export interface WindowsAnswersInput {
  installer: InstallerMedium;
  computerName: string;
  user: string;
  password: string;
  sshKeys: string[];
  version: WindowsVersion;
  /** Name of the image on the medium; null = the usual one. */
  edition: string | null;
  productKey: string | null;
  uefi: boolean;
  drivers: boolean;
  /** Demands of this Windows that the machine does not meet, and Setup is told to pass over. */
  without: { tpm: boolean; secureBoot: boolean };
  tasks: readonly FirstBootTask[];
}

export interface WindowsAnswers extends SeedMedium {
  /** What of the wish could not be had, in sentences. */
  notes: string[];
}

/** Bytes from a position on; fewer at the end of the data. */
export type ReadAt = (position: number, length: number) => Promise<Uint8Array>;

export interface ImageFacts {
  /** Of an ISO image; absent for a disk image. */
  installer?: InstallerMedium;
  format: 'qcow2' | 'raw';
  virtualBytes: number;
  fileBytes: number;
}

export interface TryoutParts {
  /** Local files. */
  kernelPath: string;
  initrdPath: string;
  kernelVersion: string;
  /** Content key: equal parts have equal keys. */
  key: string;
}

/** Rejects with BerthError `image_*`, `tryout_*`. */
export interface MediaBuilder {
  seed(input: SeedInput): SeedMedium;
  /** Throws `unattended_unsupported` for an installer whose questions nobody here can answer. */
  answers(input: InstallInput): InstallAnswers;
  /** The answers of an installation of Windows, and what its first boot runs. */
  windowsAnswers(input: WindowsAnswersInput): WindowsAnswers;
  /** A password as answer files of Windows have it. It is no hash: whoever has it has the password. */
  encodePassword(password: string): string;
  /** The password of such a form. */
  decodePassword(encoded: string): string;
  /** Contents of files of an ISO image, in the order of their paths. Rejects with `iso_malformed`, `iso_file_missing`. */
  readIso(readAt: ReadAt, paths: readonly string[]): Promise<Uint8Array[]>;
  /** sha512-crypt with a fresh salt. */
  hashPassword(password: string): Promise<string>;
  inspectImage(path: string): Promise<ImageFacts>;
  sha256(
    path: string,
    options: { signal?: AbortSignal; onBytes?: (n: number) => void },
  ): Promise<string>;
  read(path: string): AsyncIterable<Uint8Array>;
  /** Whether the host has what the try-out machine is made of; throws the reason. Cheap. */
  checkTryout(): Promise<void>;
  buildTryout(options: { signal?: AbortSignal }): Promise<TryoutParts>;
}
