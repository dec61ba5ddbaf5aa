import {
  encodeDirectoryRecord,
  encodePathTable,
  encodeTerminator,
  encodeVolumeDescriptor,
  jolietIdentifier,
  rockRidgeAttributes,
  rockRidgeName,
  rockRidgeReference,
  SECTOR_BYTES,
  suspIndicator,
} from './iso9660-records.ts';
import { MediaError } from './media-error.ts';

export type IsoFile = { readonly name: string; readonly content: string | Uint8Array };

export type IsoOptions = {
  /** 1 to 16 characters from `A-Za-z0-9._-`; `cidata` for a NoCloud seed, `OEMDRV` for a kickstart one. */
  readonly volumeLabel: string;
  /** Files of the root folder; names of 1 to 64 characters from `A-Za-z0-9._-`. */
  readonly files: readonly IsoFile[];
  /** Date of the volume and its files, so that the same input gives the same bytes. Default: 1 January 2000, UTC. */
  readonly date?: Date;
};

type PlacedFile = {
  readonly name: string;
  /** Upper-case name for readers that know neither Joliet nor Rock Ridge. */
  readonly plainName: string;
  readonly content: Buffer;
  readonly extent: number;
};

const LARGEST_BYTES = 64 * 1024 * 1024;
const SYSTEM_SECTORS = 16;
const DESCRIPTORS = 3;
const PATH_TABLES = 4;
const PATH_TABLE_BYTES = 10;
const DEFAULT_DATE = new Date('2000-01-01T00:00:00Z');
const DIRECTORY_MODE = 0o040755;
const FILE_MODE = 0o100644;
const SELF = Buffer.from([0]);
const PARENT = Buffer.from([1]);

const sectorsFor = (bytes: number): number => Math.ceil(bytes / SECTOR_BYTES);

const toSectors = (bytes: Buffer): Buffer =>
  Buffer.concat([bytes, Buffer.alloc(sectorsFor(bytes.length) * SECTOR_BYTES - bytes.length)]);

function checkNames(options: IsoOptions): void {
  if (!/^[\w.-]{1,16}$/.test(options.volumeLabel)) {
    throw new MediaError('iso_invalid_name', `"${options.volumeLabel}" cannot be a volume label.`);
  }
  const seen = new Set<string>();
  for (const { name } of options.files) {
    if (!/^[\w.-]{1,64}$/.test(name) || name === '.' || name === '..') {
      throw new MediaError('iso_invalid_name', `"${name}" cannot be a file name on a seed medium.`);
    }
    if (seen.has(name.toLowerCase())) {
      throw new MediaError('iso_invalid_name', `The file name "${name}" is there twice.`);
    }
    seen.add(name.toLowerCase());
  }
}

/** `user-data` becomes `USER_DATA.;1`; a number makes names different that would be the same. */
function plainNames(names: readonly string[]): string[] {
  const used = new Set<string>();
  return names.map((name) => {
    const dot = name.lastIndexOf('.');
    const clean = (text: string): string => text.toUpperCase().replace(/[^A-Z0-9_]/g, '_');
    const stem = clean(dot > 0 ? name.slice(0, dot) : name).slice(0, 20);
    const extension = dot > 0 ? clean(name.slice(dot + 1)).slice(0, 8) : '';
    let plain = `${stem}.${extension};1`;
    for (let i = 1; used.has(plain); i++) plain = `${stem.slice(0, 16)}_${i}.${extension};1`;
    used.add(plain);
    return plain;
  });
}

/** Records do not cross sector borders (ECMA-119 6.8.1.1). */
function packRecords(records: readonly Buffer[]): Buffer {
  const sectors: Buffer[] = [];
  let current: Buffer[] = [];
  let used = 0;
  for (const record of records) {
    if (used + record.length > SECTOR_BYTES) {
      sectors.push(toSectors(Buffer.concat(current)));
      current = [];
      used = 0;
    }
    current.push(record);
    used += record.length;
  }
  return Buffer.concat([...sectors, toSectors(Buffer.concat(current))]);
}

type Tree = { readonly records: (extent: number, size: number) => Buffer[] };

function rockRidgeTree(files: readonly PlacedFile[], date: Date): Tree {
  const sorted = files.toSorted((a, b) => (a.plainName < b.plainName ? -1 : 1));
  const folder = { directory: true, date } as const;
  const attributes = rockRidgeAttributes(DIRECTORY_MODE, 2);
  const own = Buffer.concat([suspIndicator(), attributes, rockRidgeReference()]);
  return {
    records: (extent, size) => [
      encodeDirectoryRecord({ ...folder, identifier: SELF, extent, size, systemUse: own }),
      encodeDirectoryRecord({ ...folder, identifier: PARENT, extent, size, systemUse: attributes }),
      ...sorted.map((file) =>
        encodeDirectoryRecord({
          identifier: Buffer.from(file.plainName, 'latin1'),
          extent: file.extent,
          size: file.content.length,
          directory: false,
          date,
          systemUse: Buffer.concat([rockRidgeAttributes(FILE_MODE, 1), rockRidgeName(file.name)]),
        }),
      ),
    ],
  };
}

function jolietTree(files: readonly PlacedFile[], date: Date): Tree {
  const sorted = files.toSorted((a, b) => (a.name < b.name ? -1 : 1));
  const systemUse = Buffer.alloc(0);
  const folder = { directory: true, date, systemUse } as const;
  return {
    records: (extent, size) => [
      encodeDirectoryRecord({ ...folder, identifier: SELF, extent, size }),
      encodeDirectoryRecord({ ...folder, identifier: PARENT, extent, size }),
      ...sorted.map((file) =>
        encodeDirectoryRecord({
          identifier: jolietIdentifier(file.name),
          extent: file.extent,
          size: file.content.length,
          directory: false,
          date,
          systemUse,
        }),
      ),
    ],
  };
}

function placeFiles(files: readonly IsoFile[], firstSector: number): PlacedFile[] {
  const plain = plainNames(files.map((file) => file.name));
  let extent = firstSector;
  return files.map((file, i) => {
    const content = Buffer.from(file.content);
    const placed = { name: file.name, plainName: plain[i] ?? file.name, content, extent };
    extent += sectorsFor(content.length);
    return placed;
  });
}

type Folder = {
  readonly joliet: boolean;
  readonly tree: Tree;
  /** First sector, and how many. */
  readonly extent: number;
  readonly sectors: number;
};

type Layout = {
  readonly files: readonly PlacedFile[];
  readonly folders: readonly Folder[];
  readonly sectors: number;
};

/** The two root folders come after the path tables, and the files after them; both folders point to the same files. */
function layOut(files: readonly IsoFile[], date: Date): Layout {
  const treesOf = (placed: readonly PlacedFile[]): Tree[] => [
    rockRidgeTree(placed, date),
    jolietTree(placed, date),
  ];
  const lengths = treesOf(placeFiles(files, 0)).map((tree) =>
    sectorsFor(packRecords(tree.records(0, 0)).length),
  );
  const firstFolder = SYSTEM_SECTORS + DESCRIPTORS + PATH_TABLES;
  const firstFile = lengths.reduce((sum, length) => sum + length, firstFolder);
  const placed = placeFiles(files, firstFile);
  let extent = firstFolder;
  const folders = treesOf(placed).map((tree, i) => {
    const sectors = lengths[i] ?? 0;
    const folder = { joliet: i === 1, tree, extent, sectors };
    extent += sectors;
    return folder;
  });
  const dataSectors = placed.reduce((sum, file) => sum + sectorsFor(file.content.length), 0);
  return { files: placed, folders, sectors: firstFile + dataSectors };
}

function volumeDescriptor(folder: Folder, layout: Layout, label: string, date: Date): Buffer {
  const littlePathTable = SYSTEM_SECTORS + DESCRIPTORS + (folder.joliet ? 2 : 0);
  const root = encodeDirectoryRecord({
    identifier: SELF,
    extent: folder.extent,
    size: folder.sectors * SECTOR_BYTES,
    directory: true,
    date,
    systemUse: Buffer.alloc(0),
  });
  return encodeVolumeDescriptor({
    joliet: folder.joliet,
    label,
    sectors: layout.sectors,
    pathTableBytes: PATH_TABLE_BYTES,
    littlePathTable,
    bigPathTable: littlePathTable + 1,
    root,
    date,
  });
}

/**
 * An ISO 9660 image (ECMA-119 with Joliet and Rock Ridge names) in memory.
 * Throws {@link MediaError}: `iso_invalid_name`, `iso_too_large`.
 */
export function buildIso9660(options: IsoOptions): Buffer {
  checkNames(options);
  const date = options.date ?? DEFAULT_DATE;
  const bytes = options.files.reduce((sum, file) => sum + Buffer.byteLength(file.content), 0);
  if (bytes > LARGEST_BYTES) {
    throw new MediaError('iso_too_large', `A seed medium holds at most ${LARGEST_BYTES} bytes.`);
  }
  const layout = layOut(options.files, date);
  const { folders } = layout;
  return Buffer.concat([
    Buffer.alloc(SYSTEM_SECTORS * SECTOR_BYTES),
    ...folders.map((folder) => volumeDescriptor(folder, layout, options.volumeLabel, date)),
    encodeTerminator(),
    ...folders.flatMap(({ extent }) => [
      toSectors(encodePathTable(extent, false)),
      toSectors(encodePathTable(extent, true)),
    ]),
    ...folders.map(({ tree, extent, sectors }) =>
      packRecords(tree.records(extent, sectors * SECTOR_BYTES)),
    ),
    ...layout.files.map((file) => toSectors(file.content)),
  ]);
}
