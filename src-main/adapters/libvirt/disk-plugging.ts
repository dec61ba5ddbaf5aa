import {
  type Connection,
  type Domain,
  DomainDeviceModifyFlags,
  DomainXMLFlags,
  type CallOptions as LibvirtCallOptions,
  type Unsubscribe,
} from 'node-libvirt';
import { el, serializeXml } from '../../core/domain/domain-xml-element.ts';
import { BerthError } from '../../core/errors.ts';
import type { MachineEditing } from '../../core/ports/machine-editing.ts';
import type { AtDomain } from './context.ts';
import { orAborted, within } from './deadline.ts';
import { attributeOf, findAll, findFirst, parseXml, type XmlNode } from './xml.ts';

type Plugging = Pick<
  MachineEditing,
  'attachDisk' | 'attachLiveDisk' | 'detachDisk' | 'detachLiveDisk'
>;

const { CONFIG, LIVE } = DomainDeviceModifyFlags;
/** A guest that is at work answers within a second; one without a system never does. */
const LET_GO_MS = 30_000;

export function diskPlugging(at: AtDomain): Plugging {
  return {
    attachDisk: (uuid, xml, options) =>
      at(
        'add the disk to the machine',
        uuid,
        (domain, call) => domain.attachDeviceFlags(xml, CONFIG, call),
        options,
      ),
    attachLiveDisk: (uuid, xml, options) =>
      at(
        'add the disk to the running machine',
        uuid,
        (domain, call) => domain.attachDeviceFlags(xml, LIVE, call),
        options,
      ),
    detachDisk: (uuid, target, options) =>
      at(
        'take the disk from the machine',
        uuid,
        async (domain, call) => {
          const disk = await diskOf(domain, target, DomainXMLFlags.INACTIVE, call);
          if (disk !== null) await domain.detachDeviceFlags(shortXml(disk), CONFIG, call);
        },
        options,
      ),
    detachLiveDisk: (uuid, target, options) =>
      at(
        'take the disk from the running machine',
        uuid,
        async (domain, call, connection) => {
          const disk = await liveDisk(domain, target, call);
          if (disk !== null) await unplug(connection, domain, { disk, target }, call);
        },
        options,
      ),
  };
}

async function diskOf(
  domain: Domain,
  target: string,
  flags: number,
  call: LibvirtCallOptions,
): Promise<XmlNode | null> {
  const disks = findAll(parseXml(await domain.getXMLDesc(flags, call)), 'devices', 'disk');
  return disks.find((disk) => attributeOf(findFirst(disk, 'target'), 'dev') === target) ?? null;
}

const liveDisk = async (domain: Domain, target: string, call: LibvirtCallOptions) =>
  (await domain.isActive(call)) ? diskOf(domain, target, 0, call) : null;

/** As much as libvirt needs to find it. */
function shortXml(disk: XmlNode): string {
  const target = findFirst(disk, 'target');
  return serializeXml(
    el(
      'disk',
      { type: attributeOf(disk, 'type') ?? 'file', device: attributeOf(disk, 'device') ?? 'disk' },
      el('source', { file: attributeOf(findFirst(disk, 'source'), 'file') }),
      el('target', { dev: attributeOf(target, 'dev'), bus: attributeOf(target, 'bus') }),
    ),
  );
}

/** QEMU asks the guest for a device and tells later that it has let it go; libvirt's call ends before. */
async function unplug(
  connection: Connection,
  domain: Domain,
  { disk, target }: { disk: XmlNode; target: string },
  call: LibvirtCallOptions,
): Promise<void> {
  const alias = attributeOf(findFirst(disk, 'alias'), 'name');
  const gone = Promise.withResolvers<void>();
  const stop: Unsubscribe = await connection.onDomainEvent(
    'device-removed',
    ({ domain: { uuid }, devAlias }) => {
      if (uuid === domain.uuid && devAlias === alias) gone.resolve();
    },
    call,
  );
  try {
    await domain.detachDeviceFlags(shortXml(disk), LIVE, call);
    await within(LET_GO_MS, call.signal, ({ signal }) => orAborted(gone.promise, signal));
  } catch (error) {
    call.signal?.throwIfAborted();
    // It may have gone unnoticed, as with the machine itself.
    if ((await liveDisk(domain, target, call)) === null) return;
    throw new BerthError('device_busy', `The guest does not let the disk ${target} go.`, {
      hint: 'Unmount it in the guest, or shut the machine down.',
      retryable: true,
      cause: error,
    });
  } finally {
    await stop();
  }
}
