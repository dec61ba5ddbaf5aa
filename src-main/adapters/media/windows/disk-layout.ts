import { el, type XmlElement } from '../../../core/domain/domain-xml-element.ts';
import { added, type Part, value } from './elements.ts';

/** Which partition Windows itself is on, counted from 1. */
export const SYSTEM_PARTITION = { gpt: 3, mbr: 2 } as const;

const EFI_MIB = 300;
const MSR_MIB = 16;
const SYSTEM_MIB = 500;

interface Partition {
  type: 'EFI' | 'MSR' | 'Primary';
  /** Null = all that is left. */
  mib: number | null;
  format?: { kind: 'FAT32' | 'NTFS'; label: string; letter?: string; active?: boolean };
}

export const gptDisk = (): XmlElement =>
  disk([
    { type: 'EFI', mib: EFI_MIB, format: { kind: 'FAT32', label: 'System' } },
    { type: 'MSR', mib: MSR_MIB },
    { type: 'Primary', mib: null, format: { kind: 'NTFS', label: 'Windows', letter: 'C' } },
  ]);

export const mbrDisk = (): XmlElement =>
  disk([
    {
      type: 'Primary',
      mib: SYSTEM_MIB,
      format: { kind: 'NTFS', label: 'System', active: true },
    },
    { type: 'Primary', mib: null, format: { kind: 'NTFS', label: 'Windows', letter: 'C' } },
  ]);

/** The machine's first disk, which is empty; other disks stay as they are. */
function disk(partitions: readonly Partition[]): XmlElement {
  const made = partitions.map(({ type, mib }, index) =>
    added(
      'CreatePartition',
      value('Order', index + 1),
      value('Type', type),
      mib === null ? value('Extend', 'true') : value('Size', mib),
    ),
  );
  const changed = partitions.map(({ format }, index) =>
    added(
      'ModifyPartition',
      value('Order', index + 1),
      value('PartitionID', index + 1),
      ...(format === undefined ? [] : formatted(format)),
    ),
  );
  return el(
    'DiskConfiguration',
    {},
    value('WillShowUI', 'OnError'),
    added(
      'Disk',
      value('DiskID', 0),
      value('WillWipeDisk', 'true'),
      el('CreatePartitions', {}, ...made),
      el('ModifyPartitions', {}, ...changed),
    ),
  );
}

const formatted = (format: NonNullable<Partition['format']>): Part[] => [
  value('Format', format.kind),
  value('Label', format.label),
  format.letter === undefined ? null : value('Letter', format.letter),
  format.active ? value('Active', 'true') : null,
];
