import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { type FileHandle, open, stat } from 'node:fs/promises';
import {
  findForeignFormat,
  findRawContent,
  looksLikeWebPage,
  SIGNATURE_BYTES,
} from './image-signatures.ts';
import { MediaError, throwIfCancelled } from './media-error.ts';
import { checkQcow2Complete, parseQcow2Header, QCOW_MAGIC } from './qcow2.ts';

export type DiskImageInfo = {
  readonly format: 'qcow2' | 'raw';
  /** Size of the disk that a guest sees, in bytes. */
  readonly virtualSize: number;
  /** Length of the file, in bytes. */
  readonly fileSize: number;
  /** What was found on a raw disk: `mbr`, `gpt`, or a file system such as `ext`; `qcow2` for qcow2. */
  readonly content: string;
};

const PROGRESS_INTERVAL_MS = 100;

const unreadable = (path: string, cause: unknown): MediaError =>
  new MediaError(
    'image_unreadable',
    `${path} cannot be read.`,
    'Check that the file is there and that you may read it.',
    { cause },
  );

function describeRaw(head: Buffer, fileSize: number): DiskImageInfo {
  const foreign = findForeignFormat(head);
  if (foreign !== undefined) {
    throw new MediaError(
      'image_unsupported_format',
      `This is not a usable disk image but a file of another kind: ${foreign.name}.`,
      foreign.hint,
    );
  }
  const content = findRawContent(head);
  if (content === 'luks') {
    throw new MediaError(
      'image_encrypted',
      'This disk image is encrypted (LUKS).',
      'Decrypt it first.',
    );
  }
  if (content === undefined) {
    const hint = looksLikeWebPage(head)
      ? 'It is a web page: the download gave a page instead of the file.'
      : 'A disk image is a qcow2 file, or a raw disk with a partition table or a file system.';
    throw new MediaError('image_unrecognised', 'This file is not a disk image.', hint);
  }
  return { format: 'raw', virtualSize: fileSize, fileSize, content };
}

async function inspectOpenFile(file: FileHandle): Promise<DiskImageInfo> {
  const fileSize = (await file.stat()).size;
  if (fileSize === 0) throw new MediaError('image_empty', 'The file is empty.', 'Fetch it again.');
  const { buffer, bytesRead } = await file.read(
    Buffer.alloc(SIGNATURE_BYTES),
    0,
    SIGNATURE_BYTES,
    0,
  );
  const head = buffer.subarray(0, bytesRead);
  if (head.toString('latin1', 0, 4) !== QCOW_MAGIC) return describeRaw(head, fileSize);
  const header = parseQcow2Header(head);
  await checkQcow2Complete(file, header, fileSize);
  return { format: 'qcow2', virtualSize: header.virtualSize, fileSize, content: 'qcow2' };
}

/**
 * Reads the signatures and, of a qcow2 file, the header and tables of a disk image and says what it is.
 * Throws {@link MediaError}: `image_unreadable`, `image_empty`, `image_unrecognised`, `image_unsupported_format` (known but not usable: ISO, VMDK, VDI, VHDX, gzip, xz …),
 * `image_malformed`, `image_backing_file`, `image_encrypted`.
 */
export async function inspectDiskImage(path: string): Promise<DiskImageInfo> {
  let file: FileHandle | undefined;
  try {
    // A FIFO or a device would block or never end.
    if (!(await stat(path)).isFile()) throw new Error('not a regular file');
    file = await open(path, 'r');
    return await inspectOpenFile(file);
  } catch (error) {
    throw error instanceof MediaError ? error : unreadable(path, error);
  } finally {
    await file?.close();
  }
}

export type HashOptions = {
  readonly signal?: AbortSignal;
  /** Called at most about ten times a second, and once at the end. */
  readonly onProgress?: (bytesDone: number, bytesTotal: number) => void;
};

/** Hexadecimal SHA-256 of a file, read as a stream. Throws {@link MediaError}: `image_unreadable`, `cancelled`. */
export async function sha256File(path: string, options: HashOptions = {}): Promise<string> {
  const { signal, onProgress } = options;
  throwIfCancelled(signal);
  const hash = createHash('sha256');
  try {
    const total = (await stat(path)).size;
    let done = 0;
    let reported = performance.now();
    for await (const chunk of createReadStream(path, { highWaterMark: 1024 * 1024, signal })) {
      const bytes: Buffer = chunk;
      hash.update(bytes);
      done += bytes.length;
      if (performance.now() - reported < PROGRESS_INTERVAL_MS) continue;
      reported = performance.now();
      onProgress?.(done, total);
    }
    onProgress?.(done, total);
    return hash.digest('hex');
  } catch (error) {
    throwIfCancelled(signal);
    throw unreadable(path, error);
  }
}
