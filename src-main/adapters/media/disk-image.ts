import { MediaError } from './media-error.ts';

export type DiskImageInfo = {
  readonly format: 'qcow2' | 'raw';
  /** Size of the disk that a guest sees, in bytes. */
  readonly virtualSize: number;
  /** Length of the file, in bytes. */
  readonly fileSize: number;
  /** What was found on a raw disk: `mbr`, `gpt`, or a file system such as `ext4`; `qcow2` for qcow2. */
  readonly content: string;
};

/**
 * Reads the first and last blocks of a disk image and says what it is.
 * Throws {@link MediaError}: `image_unreadable`, `image_empty`, `image_unrecognised`, `image_unsupported_format` (known but not usable: ISO, VMDK, VDI, VHDX, gzip, xz …),
 * `image_malformed`, `image_backing_file`, `image_encrypted`.
 */
export async function inspectDiskImage(_path: string): Promise<DiskImageInfo> {
  throw new MediaError('image_unreadable', 'not built yet');
}

export type HashOptions = {
  readonly signal?: AbortSignal;
  /** Called at most about ten times a second, and once at the end. */
  readonly onProgress?: (bytesDone: number, bytesTotal: number) => void;
};

/** Hexadecimal SHA-256 of a file, read as a stream. Throws {@link MediaError}: `image_unreadable`, `cancelled`. */
export async function sha256File(_path: string, _options: HashOptions = {}): Promise<string> {
  throw new MediaError('image_unreadable', 'not built yet');
}
