/**
 * Writer of the "newc" cpio format that the Linux kernel unpacks as an initramfs.
 * Source: Linux, Documentation/driver-api/early-userspace/buffer-format.rst.
 */
export type CpioEntry =
  | { readonly kind: 'directory'; readonly path: string; readonly mode?: number }
  | {
      readonly kind: 'file';
      readonly path: string;
      readonly mode?: number;
      readonly content: Uint8Array;
    }
  | { readonly kind: 'symlink'; readonly path: string; readonly target: string }
  | {
      readonly kind: 'character-device';
      readonly path: string;
      readonly mode?: number;
      readonly major: number;
      readonly minor: number;
    };

const S_IFCHR = 0o020000;
const S_IFDIR = 0o040000;
const S_IFREG = 0o100000;
const S_IFLNK = 0o120000;

const modeOf = (entry: CpioEntry): number => {
  switch (entry.kind) {
    case 'directory':
      return S_IFDIR | (entry.mode ?? 0o755);
    case 'file':
      return S_IFREG | (entry.mode ?? 0o644);
    case 'symlink':
      return S_IFLNK | 0o777;
    case 'character-device':
      return S_IFCHR | (entry.mode ?? 0o600);
  }
};

const contentOf = (entry: CpioEntry): Uint8Array => {
  if (entry.kind === 'file') return entry.content;
  if (entry.kind === 'symlink') return Buffer.from(entry.target);
  return new Uint8Array();
};

const padding = (length: number): Buffer => Buffer.alloc((4 - (length % 4)) % 4);

function encodeEntry(entry: CpioEntry, inode: number): Buffer[] {
  const name = Buffer.from(`${entry.path}\0`);
  const content = contentOf(entry);
  const device = entry.kind === 'character-device' ? entry : { major: 0, minor: 0 };
  const links = entry.kind === 'directory' ? 2 : 1;
  // ino, mode, uid, gid, nlink, mtime, filesize, devmajor, devminor, rdevmajor, rdevminor, namesize, check
  const fields = [inode, modeOf(entry), 0, 0, links, 0, content.length, 0, 0];
  fields.push(device.major, device.minor, name.length, 0);
  const hex = fields.map((field) => field.toString(16).padStart(8, '0')).join('');
  const header = Buffer.from(`070701${hex}`, 'latin1');
  return [
    header,
    name,
    padding(header.length + name.length),
    Buffer.from(content.buffer, content.byteOffset, content.byteLength),
    padding(content.length),
  ];
}

/** An archive with these entries in this order (parents first), owned by root, with no dates: the same input gives the same bytes. */
export function buildCpio(entries: readonly CpioEntry[]): Buffer {
  const trailer: CpioEntry = {
    kind: 'file',
    path: 'TRAILER!!!',
    mode: 0,
    content: new Uint8Array(),
  };
  return Buffer.concat([...entries, trailer].flatMap((entry, i) => encodeEntry(entry, i + 1)));
}
