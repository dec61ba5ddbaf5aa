import { writeFile } from 'node:fs/promises';
import { buildIso9660 } from '../../../src-main/adapters/media/iso9660.ts';

const PUBLISHER_AT = 16 * 2048 + 318;
const PUBLISHER_LENGTH = 128;

/**
 * What Berth sees of a medium of Windows: its files are in UDF, which is not read, and the ISO 9660 part holds one that
 * says so, a label and the maker's name. It installs nothing.
 */
export async function writeWindowsMedium(path: string): Promise<void> {
  const files = [{ name: 'README.TXT', content: 'This disc contains a "UDF" file system.\r\n' }];
  const bytes = Buffer.from(buildIso9660({ volumeLabel: 'X64FRE_EN-US', files }));
  bytes.write('MICROSOFT CORPORATION'.padEnd(PUBLISHER_LENGTH), PUBLISHER_AT, 'latin1');
  await writeFile(path, bytes);
}

/** The marks of a medium with virtio drivers, without the drivers. */
export async function writeDriversMedium(path: string): Promise<void> {
  const files = [{ name: 'virtio-win_license.txt', content: 'none\n' }];
  await writeFile(path, buildIso9660({ volumeLabel: 'virtio-win-0.1.2', files }));
}
