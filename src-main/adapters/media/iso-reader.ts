import type { ReadAt } from '../../core/ports/media-builder.ts';
import { SECTOR_BYTES } from './iso9660-records.ts';
import { MediaError } from './media-error.ts';

/** Texts of the primary volume descriptor (ECMA-119 8.4), without padding. */
type IsoVolume = {
  readonly label: string;
  readonly system: string;
  readonly publisher: string;
  readonly application: string;
};

type IsoEntry = {
  readonly name: string;
  readonly directory: boolean;
  /** Parts of the content in their order; large files have several (ECMA-119 6.5.1). */
  readonly extents: readonly { readonly position: number; readonly length: number }[];
};

const FIRST_DESCRIPTOR = 16;
const MOST_DESCRIPTORS = 32;
const LARGEST_DIRECTORY = 4 * 1024 * 1024;
const READ_BYTES = 4 * 1024 * 1024;
const JOLIET_ESCAPES = ['%/@', '%/C', '%/E'];

const damaged = (what: string): MediaError =>
  new MediaError(
    'iso_malformed',
    `This ISO image is damaged: ${what}.`,
    'Fetch the file again and compare its checksum.',
  );

const text = (bytes: Buffer, from: number, to: number): string =>
  bytes.toString('latin1', from, to).replace(/[\0 ]+$/, '');

type Root = { readonly entry: IsoEntry; readonly joliet: boolean };

/**
 * Files of an ISO 9660 image by random access, without mounting it. Names are Rock Ridge's (IEEE P1282), else Joliet's,
 * else the plain ones; they are compared without regard to case.
 */
export class IsoReader {
  readonly volume: IsoVolume;
  readonly #readAt: ReadAt;
  readonly #root: Root;

  private constructor(readAt: ReadAt, volume: IsoVolume, root: Root) {
    this.#readAt = readAt;
    this.volume = volume;
    this.#root = root;
  }

  /** Null when there is no primary volume descriptor. Throws {@link MediaError} `iso_malformed`. */
  static async open(readAt: ReadAt): Promise<IsoReader | null> {
    let primary: Buffer | null = null;
    let joliet: Buffer | null = null;
    for (let sector = FIRST_DESCRIPTOR; sector < FIRST_DESCRIPTOR + MOST_DESCRIPTORS; sector++) {
      const descriptor = Buffer.from(await readAt(sector * SECTOR_BYTES, SECTOR_BYTES));
      if (descriptor.toString('latin1', 1, 6) !== 'CD001') break;
      const kind = descriptor[0];
      if (kind === 255) break;
      if (descriptor.length < SECTOR_BYTES) throw damaged('a descriptor is cut off');
      if (kind === 1) primary ??= descriptor;
      if (kind === 2 && JOLIET_ESCAPES.includes(text(descriptor, 88, 91))) joliet ??= descriptor;
    }
    if (primary === null) return null;
    const volume = {
      system: text(primary, 8, 40),
      label: text(primary, 40, 72),
      publisher: text(primary, 318, 446),
      application: text(primary, 574, 702),
    };
    return new IsoReader(readAt, volume, await chooseRoot(readAt, primary, joliet));
  }

  /** The file or folder at an absolute path; null when it is not there. */
  async find(path: string): Promise<IsoEntry | null> {
    let entry = this.#root.entry;
    for (const part of path.split('/').filter((one) => one !== '')) {
      if (!entry.directory) return null;
      const wanted = part.toLowerCase();
      const found = (await this.#list(entry)).find(({ name }) => name.toLowerCase() === wanted);
      if (found === undefined) return null;
      entry = found;
    }
    return entry;
  }

  /** Whole content of a file; null when it is not there. Throws `iso_malformed`, also above `limit` bytes. */
  async read(path: string, limit: number): Promise<Uint8Array | null> {
    const entry = await this.find(path);
    if (entry === null || entry.directory) return null;
    const total = entry.extents.reduce((sum, { length }) => sum + length, 0);
    if (total > limit) throw damaged(`${path} has ${total} bytes`);
    const chunks: Uint8Array[] = [];
    for (const { position, length } of entry.extents) {
      for (let at = 0; at < length; at += READ_BYTES) {
        chunks.push(await exactly(this.#readAt, position + at, Math.min(READ_BYTES, length - at)));
      }
    }
    return Buffer.concat(chunks);
  }

  async #list(folder: IsoEntry): Promise<IsoEntry[]> {
    const bytes = await readFolder(this.#readAt, folder);
    return parseFolder(bytes, this.#root.joliet);
  }
}

async function exactly(readAt: ReadAt, position: number, length: number): Promise<Buffer> {
  const bytes = Buffer.from(await readAt(position, length));
  if (bytes.length < length) throw damaged('the end of the file is missing');
  return bytes;
}

async function readFolder(readAt: ReadAt, { extents }: IsoEntry): Promise<Buffer> {
  const [extent] = extents;
  if (extent === undefined || extent.length > LARGEST_DIRECTORY) throw damaged('a folder is odd');
  return exactly(readAt, extent.position, extent.length);
}

/** Rock Ridge announces itself in the root's own record (SUSP `SP`). */
async function chooseRoot(readAt: ReadAt, primary: Buffer, joliet: Buffer | null): Promise<Root> {
  const plain = rootOf(primary);
  if (joliet === null) return { entry: plain, joliet: false };
  const bytes = await readFolder(readAt, plain);
  const own = bytes.subarray(0, bytes[0] ?? 0);
  const rockRidge = own.toString('latin1', 34, 36) === 'SP';
  return rockRidge ? { entry: plain, joliet: false } : { entry: rootOf(joliet), joliet: true };
}

function rootOf(descriptor: Buffer): IsoEntry {
  const { extent } = parseRecord(descriptor.subarray(156, 190), false);
  return { name: '', directory: true, extents: [extent] };
}

type DirectoryRecord = {
  readonly name: string;
  readonly flags: number;
  readonly extent: IsoEntry['extents'][number];
};

const FLAG = { directory: 2, associated: 4, more: 0x80 } as const;

/** ECMA-119 9.1. */
function parseRecord(record: Buffer, joliet: boolean): DirectoryRecord {
  if (record.length < 34) throw damaged('a record is cut off');
  const nameLength = record.readUInt8(32);
  const nameEnd = 33 + nameLength;
  if (nameEnd > record.length) throw damaged('a name is cut off');
  const raw = record.subarray(33, nameEnd);
  const attributes = record.readUInt8(1);
  const extent = {
    position: (record.readUInt32LE(2) + attributes) * SECTOR_BYTES,
    length: record.readUInt32LE(10),
  };
  const plain = joliet ? utf16be(raw) : raw.toString('latin1');
  const susp = record.subarray(nameEnd + (nameLength % 2 === 0 ? 1 : 0));
  const name =
    (joliet ? null : rockRidgeName(susp)) ?? plain.replace(/;\d+$/, '').replace(/\.$/, '');
  return { name, flags: record.readUInt8(25), extent };
}

const utf16be = (bytes: Buffer): string =>
  Buffer.from(bytes.subarray(0, bytes.length & ~1))
    .swap16()
    .toString('utf16le');

/** RRIP 4.1.4 `NM`: a name may come in several parts. */
function rockRidgeName(susp: Buffer): string | null {
  const parts: Buffer[] = [];
  for (let at = 0; at + 4 <= susp.length; ) {
    const length = susp.readUInt8(at + 2);
    if (length < 4 || at + length > susp.length) break;
    const signature = susp.toString('latin1', at, at + 2);
    if (signature === 'NM' && length > 5) parts.push(susp.subarray(at + 5, at + length));
    at += length;
  }
  return parts.length === 0 ? null : Buffer.concat(parts).toString('utf8');
}

/** Records do not cross sectors; a length of 0 ends the sector's (ECMA-119 6.8.1.1). The first two are `.` and `..`. */
function parseFolder(bytes: Buffer, joliet: boolean): IsoEntry[] {
  const entries: IsoEntry[] = [];
  let before: { name: string; extents: IsoEntry['extents'][number][] } | null = null;
  let index = 0;
  for (let at = 0; at < bytes.length; ) {
    const length = bytes.readUInt8(at);
    if (length === 0) {
      at = (Math.floor(at / SECTOR_BYTES) + 1) * SECTOR_BYTES;
      continue;
    }
    const { name, flags, extent } = parseRecord(bytes.subarray(at, at + length), joliet);
    at += length;
    if (index++ < 2 || flags & FLAG.associated) continue;
    const extents: IsoEntry['extents'][number][] = [
      ...(before?.name === name ? before.extents : []),
      extent,
    ];
    before = flags & FLAG.more ? { name, extents } : null;
    if (before === null) entries.push({ name, directory: (flags & FLAG.directory) !== 0, extents });
  }
  return entries;
}
