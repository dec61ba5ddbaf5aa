/** Signatures of disk image formats, containers and raw disks, each at a fixed place. */
type Signature = { readonly name: string; readonly offset: number; readonly bytes: string };

const CONVERT = 'Convert it first: qemu-img convert -O qcow2 IN OUT';

/** Formats that are recognised in order to say what to do about them. `bytes` is latin1. */
const FOREIGN: readonly (Signature & { readonly hint: string })[] = [
  { name: 'VMDK disk image', offset: 0, bytes: 'KDMV', hint: CONVERT },
  { name: 'VMDK disk image', offset: 0, bytes: 'COWD', hint: CONVERT },
  { name: 'VMDK descriptor', offset: 0, bytes: '# Disk DescriptorFile', hint: CONVERT },
  { name: 'VDI disk image', offset: 64, bytes: '\x7f\x10\xda\xbe', hint: CONVERT },
  { name: 'VHDX disk image', offset: 0, bytes: 'vhdxfile', hint: CONVERT },
  { name: 'VHD disk image', offset: 0, bytes: 'conectix', hint: CONVERT },
  { name: 'QED disk image', offset: 0, bytes: 'QED\0', hint: CONVERT },
  { name: 'gzip archive', offset: 0, bytes: '\x1f\x8b\x08', hint: 'Unpack it first: gunzip FILE' },
  { name: 'xz archive', offset: 0, bytes: '\xfd7zXZ\0', hint: 'Unpack it first: unxz FILE' },
  { name: 'bzip2 archive', offset: 0, bytes: 'BZh', hint: 'Unpack it first: bunzip2 FILE' },
  {
    name: 'zstd archive',
    offset: 0,
    bytes: '\x28\xb5\x2f\xfd',
    hint: 'Unpack it first: unzstd FILE',
  },
  { name: 'ZIP archive', offset: 0, bytes: 'PK\x03\x04', hint: 'Unpack it first: unzip FILE' },
  {
    name: '7z archive',
    offset: 0,
    bytes: '7z\xbc\xaf\x27\x1c',
    hint: 'Unpack it first: 7z x FILE',
  },
  { name: 'tar archive or OVA', offset: 257, bytes: 'ustar', hint: 'Unpack it first: tar xf FILE' },
  { name: 'Windows imaging file', offset: 0, bytes: 'MSWIM\0\0\0', hint: 'Use an installer ISO.' },
  { name: 'ISO 9660 image', offset: 32769, bytes: 'CD001', hint: 'Add it as installer media.' },
  { name: 'UDF image', offset: 32769, bytes: 'BEA01', hint: 'Add it as installer media.' },
];

const RAW: readonly Signature[] = [
  { name: 'gpt', offset: 512, bytes: 'EFI PART' },
  { name: 'gpt', offset: 4096, bytes: 'EFI PART' },
  { name: 'xfs', offset: 0, bytes: 'XFSB' },
  { name: 'ext', offset: 1080, bytes: '\x53\xef' },
  { name: 'btrfs', offset: 65600, bytes: '_BHRfS_M' },
  { name: 'ntfs', offset: 3, bytes: 'NTFS    ' },
  { name: 'exfat', offset: 3, bytes: 'EXFAT   ' },
  { name: 'fat', offset: 54, bytes: 'FAT1' },
  { name: 'fat', offset: 82, bytes: 'FAT32' },
  { name: 'lvm', offset: 512, bytes: 'LABELONE' },
  { name: 'squashfs', offset: 0, bytes: 'hsqs' },
];

/** How much of a file's beginning the signatures need. */
export const SIGNATURE_BYTES = 66 * 1024;

const has = (head: Buffer, { offset, bytes }: Signature): boolean =>
  head.toString('latin1', offset, offset + bytes.length) === bytes;

export const findForeignFormat = (head: Buffer): { name: string; hint: string } | undefined =>
  FOREIGN.find((format) => has(head, format));

const isLuks = (head: Buffer): boolean => head.toString('latin1', 0, 6) === 'LUKS\xba\xbe';

/** A boot signature alone proves little: at least one of the four entries must be a partition, and none may be nonsense. */
function hasPartitionTable(head: Buffer): boolean {
  if (head.length < 512 || head.readUInt16LE(510) !== 0xaa55) return false;
  const entries = [446, 462, 478, 494].map((at) => head.subarray(at, at + 16));
  const plausible = entries.every(
    (entry) => entry.readUInt8(0) === 0 || entry.readUInt8(0) === 0x80,
  );
  return (
    plausible && entries.some((entry) => entry.readUInt8(4) !== 0 && entry.readUInt32LE(12) !== 0)
  );
}

/** What a raw disk holds: a partition table (`gpt`, `mbr`), a file system, `luks`; undefined when nothing is recognised. */
export function findRawContent(head: Buffer): string | undefined {
  if (isLuks(head)) return 'luks';
  return (
    RAW.find((signature) => has(head, signature))?.name ??
    (hasPartitionTable(head) ? 'mbr' : undefined)
  );
}

/** A web page instead of a disk is the usual trace of a failed download. */
export const looksLikeWebPage = (head: Buffer): boolean =>
  /^\s*<(!doctype|html|\?xml)/i.test(head.toString('latin1', 0, 256));
