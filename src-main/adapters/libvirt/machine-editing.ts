import {
  BlockResizeFlags,
  type Domain,
  DomainMetadataType,
  DomainVcpuFlags,
  DomainXMLFlags,
  type CallOptions as LibvirtCallOptions,
} from 'node-libvirt';
import { METADATA_NAMESPACE, METADATA_PREFIX } from '../../core/domain/domain-metadata.ts';
import type { DomainDisk, MachineEditing } from '../../core/ports/machine-editing.ts';
import { atDomain, type Context } from './context.ts';
import { diskPlugging } from './disk-plugging.ts';
import { attributeOf, findAll, findFirst, parseXml } from './xml.ts';

/** Growing may write every byte of a volume that is allocated in full. */
const GROW_TIMEOUT_MS = 300_000;
const { LIVE, CONFIG } = DomainVcpuFlags;
const KIB = 1024;

export function machineEditing(context: Context): MachineEditing {
  const { run } = context;
  const at = atDomain(run);
  return {
    ...diskPlugging(at),
    domainDisks: (uuid, options) =>
      at(
        'read the disks of the machine',
        uuid,
        async (domain, call) => readDisks(await domain.getXMLDesc(DomainXMLFlags.INACTIVE, call)),
        options,
      ),
    renameDomain: (uuid, name, options) =>
      at('rename the machine', uuid, (domain, call) => domain.rename(name, 0, call), options),
    setDomainTitle: (uuid, title, options) =>
      at(
        'change the title of the machine',
        uuid,
        async (domain, call) => {
          const everywhere = await liveAndConfig(domain, call);
          await domain.setMetadata(
            DomainMetadataType.TITLE,
            title === '' ? null : title,
            null,
            null,
            everywhere,
            call,
          );
        },
        options,
      ),
    setDomainMark: (uuid, xml, options) =>
      at(
        'mark the machine',
        uuid,
        async (domain, call) => {
          const everywhere = await liveAndConfig(domain, call);
          await domain.setMetadata(
            DomainMetadataType.ELEMENT,
            xml,
            METADATA_PREFIX,
            METADATA_NAMESPACE,
            everywhere,
            call,
          );
        },
        options,
      ),
    setLiveCpus: (uuid, count, options) =>
      at(
        'change the CPUs of the machine',
        uuid,
        (domain, call) => domain.setVcpusFlags(count, LIVE, call),
        options,
      ),
    setLiveMemory: (uuid, bytes, options) =>
      at(
        'change the memory of the machine',
        uuid,
        (domain, call) => domain.setMemoryFlags(Math.ceil(bytes / KIB), LIVE, call),
        options,
      ),
    growLiveDisk: (uuid, path, bytes, options) =>
      at(
        'grow the disk of the machine',
        uuid,
        (domain, call) => domain.blockResize(path, bytes, BlockResizeFlags.BYTES, call),
        { ...options, timeoutMs: GROW_TIMEOUT_MS },
      ),
    growVolume: (pool, name, bytes, options) =>
      run(
        `grow the volume “${name}”`,
        async (connection, call) => {
          const found = await connection.storagePoolLookupByName(pool, call);
          const volume = await found.volLookupByName(name, call);
          await volume.resize(bytes, 0, call);
        },
        { ...options, timeoutMs: GROW_TIMEOUT_MS },
      ),
  };
}

/** A domain that is off has no live state to change. */
const liveAndConfig = async (domain: Domain, call: LibvirtCallOptions): Promise<number> =>
  (await domain.isActive(call)) ? LIVE | CONFIG : CONFIG;

function readDisks(xml: string): DomainDisk[] {
  return findAll(parseXml(xml), 'devices', 'disk').map((disk) => {
    const source = findFirst(disk, 'source');
    return {
      target: attributeOf(findFirst(disk, 'target'), 'dev') ?? '',
      device: attributeOf(disk, 'device') ?? 'disk',
      path: attributeOf(source, 'file') ?? attributeOf(source, 'dev') ?? null,
    };
  });
}
