/** Records of ECMA-119 (ISO 9660), Joliet and Rock Ridge (IEEE P1281 SUSP 1.12, P1282 RRIP 1.12), encoded one at a time. */
export const SECTOR_BYTES = 2048;

export type DirectoryRecord = {
  readonly identifier: Buffer;
  /** First sector. */
  readonly extent: number;
  /** Bytes. */
  readonly size: number;
  readonly directory: boolean;
  readonly date: Date;
  readonly systemUse: Buffer;
};

const bothEndian16 = (value: number): Buffer => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt16LE(value, 0);
  bytes.writeUInt16BE(value, 2);
  return bytes;
};

export const bothEndian32 = (value: number): Buffer => {
  const bytes = Buffer.alloc(8);
  bytes.writeUInt32LE(value, 0);
  bytes.writeUInt32BE(value, 4);
  return bytes;
};

/** ECMA-119 9.1.5: seven bytes, in UTC. */
const recordDate = (date: Date): Buffer =>
  Buffer.from([
    date.getUTCFullYear() - 1900,
    date.getUTCMonth() + 1,
    date.getUTCDate(),
    date.getUTCHours(),
    date.getUTCMinutes(),
    date.getUTCSeconds(),
    0,
  ]);

/** ECMA-119 8.4.26.1: sixteen digits and an offset, in UTC. */
const volumeDate = (date: Date): Buffer =>
  Buffer.from(`${date.toISOString().replace(/\D/g, '').slice(0, 16)}\0`, 'latin1');

/** ECMA-119 9.1. */
export function encodeDirectoryRecord(record: DirectoryRecord): Buffer {
  const { identifier, systemUse } = record;
  const padding = Buffer.alloc(identifier.length % 2 === 0 ? 1 : 0);
  const body = Buffer.concat([
    Buffer.from([0]),
    bothEndian32(record.extent),
    bothEndian32(record.size),
    recordDate(record.date),
    Buffer.from([record.directory ? 2 : 0, 0, 0]),
    bothEndian16(1),
    Buffer.from([identifier.length]),
    identifier,
    padding,
    systemUse,
  ]);
  const even = Buffer.alloc((body.length + 1) % 2);
  return Buffer.concat([Buffer.from([body.length + 1 + even.length]), body, even]);
}

/** ECMA-119 9.4, for the only folder there is. */
export function encodePathTable(rootExtent: number, bigEndian: boolean): Buffer {
  const table = Buffer.alloc(10);
  table.writeUInt8(1, 0);
  if (bigEndian) {
    table.writeUInt32BE(rootExtent, 2);
    table.writeUInt16BE(1, 6);
  } else {
    table.writeUInt32LE(rootExtent, 2);
    table.writeUInt16LE(1, 6);
  }
  return table;
}

export type VolumeDescriptor = {
  readonly joliet: boolean;
  readonly label: string;
  /** Sectors of the whole volume. */
  readonly sectors: number;
  readonly pathTableBytes: number;
  readonly littlePathTable: number;
  readonly bigPathTable: number;
  /** Directory record of the root folder, 34 bytes. */
  readonly root: Buffer;
  readonly date: Date;
};

const utf16be = (text: string): Buffer => Buffer.from(text, 'utf16le').swap16();

const textField = (text: string, length: number, joliet: boolean): Buffer => {
  const bytes = joliet
    ? utf16be(text.padEnd(length >> 1))
    : Buffer.from(text.padEnd(length), 'latin1');
  return Buffer.concat([bytes, Buffer.alloc(length - bytes.length)]);
};

/** ECMA-119 8.4 and 8.5; Joliet is a supplementary descriptor with the escape sequence of UCS-2 level 3. */
export function encodeVolumeDescriptor(volume: VolumeDescriptor): Buffer {
  const text = (value: string, length: number): Buffer => textField(value, length, volume.joliet);
  const tables = Buffer.alloc(16);
  tables.writeUInt32LE(volume.littlePathTable, 0);
  tables.writeUInt32BE(volume.bigPathTable, 8);
  const date = volumeDate(volume.date);
  const never = Buffer.from(`${'0'.repeat(16)}\0`, 'latin1');
  const escapes = Buffer.alloc(32);
  if (volume.joliet) escapes.write('%/E', 'latin1');
  const fields = Buffer.concat([
    Buffer.from([volume.joliet ? 2 : 1]),
    Buffer.from('CD001\x01\0', 'latin1'),
    text('', 32), // system
    text(volume.label, 32),
    Buffer.alloc(8),
    bothEndian32(volume.sectors),
    escapes,
    bothEndian16(1),
    bothEndian16(1),
    bothEndian16(SECTOR_BYTES),
    bothEndian32(volume.pathTableBytes),
    tables,
    volume.root,
    ...[128, 128, 128, 128, 37, 37, 37].map((length) => text('', length)),
    ...[date, date, never, date],
    Buffer.from([1, 0]),
  ]);
  return Buffer.concat([fields, Buffer.alloc(SECTOR_BYTES - fields.length)]);
}

/** ECMA-119 8.3. */
export function encodeTerminator(): Buffer {
  const sector = Buffer.alloc(SECTOR_BYTES);
  sector.write('\xffCD001\x01', 'latin1');
  return sector;
}

const suspEntry = (signature: string, ...payload: readonly Uint8Array[]): Buffer => {
  const data = Buffer.concat(payload);
  const head = Buffer.from(`${signature}  `, 'latin1');
  head.writeUInt8(data.length + 4, 2);
  head.writeUInt8(1, 3);
  return Buffer.concat([head, data]);
};

/** SUSP `SP`: announces the extensions; goes in the root's own record. */
export const suspIndicator = (): Buffer => suspEntry('SP', Buffer.from([0xbe, 0xef, 0]));

/** SUSP `ER` that names RRIP; the descriptive texts are optional and left empty. */
export const rockRidgeReference = (): Buffer => {
  const id = Buffer.from('RRIP_1991A', 'latin1');
  return suspEntry('ER', Buffer.from([id.length, 0, 0, 1]), id);
};

/** RRIP `PX`: POSIX mode and links, owned by root. */
export const rockRidgeAttributes = (mode: number, links: number): Buffer =>
  suspEntry('PX', bothEndian32(mode), bothEndian32(links), bothEndian32(0), bothEndian32(0));

/** RRIP `NM`: the name as it is. */
export const rockRidgeName = (name: string): Buffer =>
  suspEntry('NM', Buffer.from([0]), Buffer.from(name, 'latin1'));

/** A Joliet name with its version. */
export const jolietIdentifier = (name: string): Buffer => utf16be(`${name};1`);
