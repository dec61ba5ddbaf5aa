import { Buffer } from 'node:buffer';
import { readFile, stat, writeFile } from 'node:fs/promises';
import { element, field, isOneOf, names, numberOf, sorted, text, xml } from '../printed.ts';
import type { Host, Row } from '../row.ts';

const MEBIBYTE = 1 << 20;
const poolXML = (host: Host, name: string) =>
  `<pool type="dir"><name>${name}</name><target><path>${host.path(name)}</path></target></pool>`;
const volumeXML = (name: string, mebibytes: number, format = 'raw') =>
  `<volume><name>${name}</name><capacity unit="MiB">${mebibytes}</capacity><allocation>0</allocation><target><format type="${format}"/></target></volume>`;
const poolNames = async ({ connection }: Host) => sorted(await connection.listAllStoragePools());
const volumeNames = async (host: Host) => sorted(await (await host.pool()).listAllVolumes());
const capacity = (name: string) => async (host: Host) =>
  (await (await host.volume(name)).getInfo()).capacity;
const volumes = {
  virsh: 'vol-list files',
  as: (printed: string) => names(printed).map((line) => line.split(/\s/)[0]),
};

async function content(host: Host, name: string): Promise<string> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of await (await host.volume(name)).download()) chunks.push(chunk);
  return Buffer.concat(chunks).toString('latin1');
}

/** Pools and volumes. The later tables use the pool `files` and its volume `disk.qcow2`. */
export const storageRows: Row[] = [
  {
    name: 'pool: define',
    ours: (host) => host.connection.storagePoolDefineXML(poolXML(host, 'files')),
    read: poolNames,
    virsh: 'pool-list --all --name',
    as: names,
    want: ['files'],
  },
  {
    name: 'pool: build',
    ours: async (host) => (await host.pool()).build(),
    read: async (host) => (await stat(host.path('files'))).isDirectory(),
    virsh: 'pool-info files',
    as: isOneOf('State', 'inactive'),
    want: true,
  },
  {
    name: 'pool: start',
    ours: async (host) => (await host.pool()).create(),
    read: async (host) => (await host.pool()).isActive(),
    virsh: 'pool-info files',
    as: isOneOf('State', 'running'),
    want: true,
  },
  {
    name: 'pool: description',
    read: async (host) =>
      xml(await (await host.pool()).getXMLDesc()).replaceAll(/<available.*/g, ''),
    virsh: 'pool-dumpxml files',
    as: (printed) => xml(printed).replaceAll(/<available.*/g, ''),
  },
  {
    name: 'pool: UUID',
    read: async (host) => (await host.pool()).uuid,
    virsh: 'pool-uuid files',
    as: text,
  },
  {
    name: 'pool: capacity',
    read: async (host) => (await (await host.pool()).getInfo()).capacity,
    virsh: 'pool-info files --bytes',
    as: numberOf('Capacity'),
  },
  {
    name: 'pool: autostart on',
    ours: async (host) => (await host.pool()).setAutostart(true),
    read: async (host) => (await host.pool()).getAutostart(),
    virsh: 'pool-info files',
    as: isOneOf('Autostart', 'yes'),
    want: true,
  },
  {
    name: 'pool: autostart off',
    theirs: 'pool-autostart files --disable',
    read: async (host) => (await host.pool()).getAutostart(),
    virsh: 'pool-info files',
    as: isOneOf('Autostart', 'yes'),
    want: false,
  },
  {
    name: 'volume: create',
    ours: async (host) => (await host.pool()).createVolXML(volumeXML('disk.qcow2', 8, 'qcow2')),
    read: volumeNames,
    ...volumes,
    want: ['disk.qcow2'],
  },
  {
    name: 'volume: create',
    theirs: 'vol-create-as files raw.img 2M --format raw',
    read: volumeNames,
    ...volumes,
    want: ['disk.qcow2', 'raw.img'],
  },
  {
    name: 'volume: description',
    read: async (host) => xml(await (await host.volume('disk.qcow2')).getXMLDesc()),
    virsh: 'vol-dumpxml disk.qcow2 files',
    as: xml,
  },
  {
    name: 'volume: path',
    read: async (host) => (await host.volume('raw.img')).getPath(),
    virsh: 'vol-path raw.img files',
    as: text,
  },
  {
    name: 'volume: key',
    read: async (host) => (await host.volume('raw.img')).key,
    virsh: 'vol-key raw.img files',
    as: text,
  },
  {
    name: 'volume: its pool',
    read: async (host) =>
      (await host.connection.storagePoolLookupByVolume(await host.volume('raw.img'))).name,
    virsh: 'vol-pool %DIR%/files/raw.img',
    as: text,
    want: 'files',
  },
  {
    name: 'volume: resize',
    ours: async (host) => (await host.volume('raw.img')).resize(4 * MEBIBYTE),
    read: capacity('raw.img'),
    virsh: 'vol-info raw.img files --bytes',
    as: numberOf('Capacity'),
    want: 4 * MEBIBYTE,
  },
  {
    name: 'volume: resize',
    theirs: 'vol-resize disk.qcow2 16M files',
    read: capacity('disk.qcow2'),
    virsh: 'vol-info disk.qcow2 files --bytes',
    as: numberOf('Capacity'),
    want: 16 * MEBIBYTE,
  },
  {
    name: 'volume: upload',
    ours: async (host) => {
      const volume = await (await host.pool()).createVolXML(volumeXML('bytes.img', 1));
      return volume.upload([Buffer.alloc(MEBIBYTE, 'node')]);
    },
    read: (host) => content(host, 'bytes.img'),
    virsh: 'vol-download bytes.img %DIR%/out.bin files',
    as: () => Buffer.alloc(MEBIBYTE, 'node').toString('latin1'),
  },
  {
    name: 'volume: download',
    read: async (host) =>
      (await readFile(host.path('out.bin'))).toString('latin1') ===
      (await content(host, 'bytes.img')),
    virsh: 'vol-info bytes.img files',
    as: isOneOf('Type', 'file'),
    want: true,
  },
  {
    name: 'volume: upload',
    theirs: async (host) =>
      host.virsh(
        `vol-upload bytes.img ${await host.file('virsh'.repeat(1_000))} files --offset 4096`,
      ),
    read: async (host) => (await content(host, 'bytes.img')).slice(4_096, 9_096),
    virsh: 'vol-info bytes.img files',
    as: () => 'virsh'.repeat(1_000),
  },
  {
    name: 'volume: wipe',
    ours: async (host) => (await host.volume('bytes.img')).wipe(),
    read: async (host) => (await content(host, 'bytes.img')).replaceAll('\0', ''),
    virsh: 'vol-download bytes.img %DIR%/wiped.bin files',
    as: text,
    want: '',
  },
  {
    name: 'volume: clone',
    ours: async (host) =>
      (await host.pool()).createVolXMLFrom(
        volumeXML('clone.qcow2', 16, 'qcow2'),
        await host.volume('disk.qcow2'),
      ),
    read: async (host) =>
      element('format', 'type')(await (await host.volume('clone.qcow2')).getXMLDesc()),
    virsh: 'vol-dumpxml clone.qcow2 files',
    as: element('format', 'type'),
    want: 'qcow2',
  },
  {
    name: 'volume: clone',
    theirs: 'vol-clone raw.img twin.img files',
    read: capacity('twin.img'),
    virsh: 'vol-info twin.img files --bytes',
    as: numberOf('Capacity'),
    want: 4 * MEBIBYTE,
  },
  {
    name: 'volume: delete',
    ours: async (host) => (await host.volume('twin.img')).delete(),
    read: volumeNames,
    ...volumes,
    want: ['bytes.img', 'clone.qcow2', 'disk.qcow2', 'raw.img'],
  },
  {
    name: 'volume: delete',
    theirs: 'vol-delete clone.qcow2 files',
    read: volumeNames,
    ...volumes,
    want: ['bytes.img', 'disk.qcow2', 'raw.img'],
  },
  {
    name: 'pool: refresh',
    ours: async (host) => {
      await writeFile(host.path('files/found.img'), Buffer.alloc(4_096));
      await (await host.pool()).refresh();
    },
    read: volumeNames,
    ...volumes,
    want: ['bytes.img', 'disk.qcow2', 'found.img', 'raw.img'],
  },
  {
    name: 'pool: define',
    theirs: async (host) => host.virsh(`pool-define ${await host.file(poolXML(host, 'other'))}`),
    read: poolNames,
    virsh: 'pool-list --all --name',
    as: names,
    want: ['files', 'other'],
  },
  {
    name: 'pool: build and start',
    theirs: 'pool-build other; pool-start other',
    read: async (host) => (await host.pool('other')).isActive(),
    virsh: 'pool-info other',
    as: isOneOf('State', 'running'),
    want: true,
  },
  {
    name: 'pool: found by its path',
    read: async ({ connection, path: _path, ...host }) =>
      (await connection.storagePoolLookupByTargetPath(`${host.directory}/other`)).name,
    virsh: 'pool-info other',
    as: field('Name'),
    want: 'other',
  },
  {
    name: 'pool: stop',
    ours: async (host) => (await host.pool('other')).destroy(),
    read: async (host) => (await host.pool('other')).isActive(),
    virsh: 'pool-info other',
    as: isOneOf('State', 'running'),
    want: false,
  },
  {
    name: 'pool: undefine',
    ours: async (host) => (await host.pool('other')).undefine(),
    read: poolNames,
    virsh: 'pool-list --all --name',
    as: names,
    want: ['files'],
  },
];
