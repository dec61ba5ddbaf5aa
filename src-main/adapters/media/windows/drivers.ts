import type { WindowsVersion } from '../../../core/domain/windows.ts';

/** Windows names its drives itself; the disk of the new system takes C. */
const DRIVES = ['D', 'E', 'F', 'G', 'H'];
/** Folders of the virtio-win medium: disk, SCSI, network, ports, memory, screen, entropy. */
const DRIVERS = ['viostor', 'vioscsi', 'NetKVM', 'vioserial', 'Balloon', 'viogpudo', 'viorng'];

/** Where Setup is to look for drivers; it passes over folders that are not there. */
export const driverPaths = (version: WindowsVersion): string[] =>
  DRIVERS.flatMap((driver) => DRIVES.map((drive) => `${drive}:\\${driver}\\${version}\\amd64`));

/** As the items of a loop of cmd.exe. */
export const DRIVE_LIST = DRIVES.map((drive) => `${drive}:`).join(' ');
