/** Reader of qcow2 headers and tables. Source: QEMU, docs/interop/qcow2.txt. */
import type { FileHandle } from 'node:fs/promises';
import { MediaError } from './media-error.ts';

export const QCOW_MAGIC = 'QFI\xfb';
const V2_HEADER_BYTES = 72;
const V3_HEADER_BYTES = 104;
const LARGEST_L1_BYTES = 32 * 1024 * 1024;
const LARGEST_TABLES_READ = 4096;
const OFFSET_MASK = 0x00fffffffffffe00n;
const COMPRESSED = 1n << 62n;

const INCOMPATIBLE = { corrupt: 2n, externalData: 4n, extendedL2: 16n, known: 31n } as const;

export type Qcow2Header = {
  readonly version: 2 | 3;
  /** Bytes. */
  readonly virtualSize: number;
  readonly clusterBits: number;
  readonly extendedL2: boolean;
  readonly l1Entries: number;
  readonly l1Offset: number;
};

const malformed = (what: string): MediaError =>
  new MediaError(
    'image_malformed',
    `This qcow2 file is damaged: ${what}.`,
    'Fetch the file again and compare its checksum.',
  );

/** A 64-bit number that JavaScript can count with. */
const toNumber = (value: bigint, what: string): number => {
  if (value > BigInt(Number.MAX_SAFE_INTEGER)) throw malformed(`${what} is out of range`);
  return Number(value);
};

function checkFeatures(head: Buffer, version: number): bigint {
  if (version === 2) return 0n;
  if (head.length < V3_HEADER_BYTES) throw malformed('the header is cut off');
  const features = head.readBigUInt64BE(72);
  if (features & INCOMPATIBLE.corrupt) throw malformed('it is marked as corrupt');
  if (features & INCOMPATIBLE.externalData) {
    throw new MediaError(
      'image_backing_file',
      'This qcow2 file keeps its data in another file.',
      'Merge them first: qemu-img convert -O qcow2 IN OUT',
    );
  }
  if (features & ~INCOMPATIBLE.known) {
    throw new MediaError(
      'image_unsupported_format',
      'This qcow2 file uses a feature that is not known here.',
      'Convert it first: qemu-img convert -O qcow2 IN OUT',
    );
  }
  return features;
}

function refuseUnusable(head: Buffer): void {
  if (head.readBigUInt64BE(8) !== 0n || head.readUInt32BE(16) !== 0) {
    throw new MediaError(
      'image_backing_file',
      'This qcow2 file needs another file, its backing file.',
      'Merge them first: qemu-img convert -O qcow2 IN OUT',
    );
  }
  if (head.readUInt32BE(32) !== 0) {
    throw new MediaError(
      'image_encrypted',
      'This qcow2 file is encrypted.',
      'Decrypt it first with qemu-img convert.',
    );
  }
}

/** Parses the first bytes of a qcow2 file. Throws {@link MediaError}: `image_malformed`, `image_unsupported_format`, `image_backing_file`, `image_encrypted`. */
export function parseQcow2Header(head: Buffer): Qcow2Header {
  if (head.length < V2_HEADER_BYTES) throw malformed('the header is cut off');
  const version = head.readUInt32BE(4);
  if (version !== 2 && version !== 3) {
    throw new MediaError(
      'image_unsupported_format',
      `This is a qcow file of version ${version}; only 2 and 3 are usable.`,
      'Convert it first: qemu-img convert -O qcow2 IN OUT',
    );
  }
  const features = checkFeatures(head, version);
  refuseUnusable(head);
  const clusterBits = head.readUInt32BE(20);
  if (clusterBits < 9 || clusterBits > 21) throw malformed(`its cluster size is 2^${clusterBits}`);
  const virtualSize = toNumber(head.readBigUInt64BE(24), 'the size of the disk');
  if (virtualSize === 0) throw malformed('the disk has no size');
  const extendedL2 = (features & INCOMPATIBLE.extendedL2) !== 0n;
  const l1Entries = head.readUInt32BE(36);
  const l1Offset = toNumber(head.readBigUInt64BE(40), 'the place of its table');
  const entryBytes = extendedL2 ? 16 : 8;
  const bytesPerTable = 2 ** clusterBits * (2 ** clusterBits / entryBytes);
  if (l1Entries < Math.ceil(virtualSize / bytesPerTable)) throw malformed('its table is too short');
  if (l1Entries * 8 > LARGEST_L1_BYTES) throw malformed('its table is too long');
  if (l1Offset % 2 ** clusterBits !== 0) throw malformed('its table is misplaced');
  return { version, virtualSize, clusterBits, extendedL2, l1Entries, l1Offset };
}

async function readTable(file: FileHandle, position: number, length: number): Promise<Buffer> {
  const { bytesRead, buffer } = await file.read(Buffer.alloc(length), 0, length, position);
  if (bytesRead < length) throw malformed('the end of the file is missing');
  return buffer;
}

/** First byte of the data that an L2 entry points to. */
function dataOffset(entry: bigint, clusterBits: number): bigint {
  if (entry & COMPRESSED) return entry & ((1n << BigInt(62 - (clusterBits - 8))) - 1n);
  return entry & OFFSET_MASK;
}

/** Follows the tables and throws `image_malformed` when they point past the end of the file, as after a broken download. */
export async function checkQcow2Complete(
  file: FileHandle,
  header: Qcow2Header,
  fileSize: number,
): Promise<void> {
  const clusterBytes = 2 ** header.clusterBits;
  const l1 = await readTable(file, header.l1Offset, header.l1Entries * 8);
  let tablesRead = 0;
  for (let i = 0; i < header.l1Entries && tablesRead < LARGEST_TABLES_READ; i++) {
    const table = toNumber(l1.readBigUInt64BE(i * 8) & OFFSET_MASK, 'a table');
    if (table === 0) continue;
    const l2 = await readTable(file, table, clusterBytes);
    tablesRead++;
    for (let at = 0; at < clusterBytes; at += header.extendedL2 ? 16 : 8) {
      if (dataOffset(l2.readBigUInt64BE(at), header.clusterBits) >= BigInt(fileSize)) {
        throw malformed('the end of the file is missing');
      }
    }
  }
}
