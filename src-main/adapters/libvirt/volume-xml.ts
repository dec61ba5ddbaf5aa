import { el, serializeXml, type XmlElement } from '../../core/domain/domain-xml-element.ts';
import { BerthError } from '../../core/errors.ts';
import type { VolumeFacts, VolumeSpec } from '../../core/ports/hypervisor.ts';
import { attributeOf, findFirst, parseXml, textOf, type XmlNode } from './xml.ts';

/** What makes a volume better and not every host can do; the order is that of dropping. */
const VOLUME_EXTRAS = ['extended_l2', 'nocow', 'lazy_refcounts', 'compat'] as const;
export type VolumeExtra = (typeof VOLUME_EXTRAS)[number];

/** What each extra is for, for the note that says it was dropped. */
export const EXTRA_NOTES: Readonly<Record<VolumeExtra, string>> = {
  extended_l2: 'subclusters (extended_l2), which make small writes to an overlay faster',
  nocow: 'no copy-on-write by the file system (nocow)',
  lazy_refcounts: 'lazy reference counts, which make writes that grow the file faster',
  compat: 'version 1.1 of the qcow2 format',
};

/** Which extras a volume of this format can have at all. */
export const extrasFor = (format: VolumeSpec['format']): readonly VolumeExtra[] =>
  format === 'qcow2' ? VOLUME_EXTRAS : [];

/** https://libvirt.org/formatstorage.html#storage-volume-xml */
export function volumeXml(spec: VolumeSpec, extras: ReadonlySet<VolumeExtra>): string {
  const bytes = (name: string, amount: number) => el(name, { unit: 'bytes' }, String(amount));
  return serializeXml(
    el(
      'volume',
      {},
      el('name', {}, spec.name),
      bytes('capacity', spec.capacityBytes),
      bytes('allocation', spec.allocationBytes ?? 0),
      targetElement(spec.format, extras),
      spec.backing &&
        el(
          'backingStore',
          {},
          el('path', {}, spec.backing.path),
          el('format', { type: spec.backing.format }),
        ),
    ),
  );
}

function targetElement(format: string, extras: ReadonlySet<VolumeExtra>): XmlElement {
  const feature = (name: VolumeExtra) => (extras.has(name) ? el(name) : null);
  const features = [feature('lazy_refcounts'), feature('extended_l2')];
  return el(
    'target',
    {},
    el('format', { type: format }),
    extras.has('compat') ? el('compat', {}, '1.1') : null,
    feature('nocow'),
    features.some((one) => one !== null) ? el('features', {}, ...features) : null,
  );
}

/** Reads what libvirt prints of a volume. */
export function parseVolume(pool: string, xml: string): VolumeFacts {
  const root = parseXml(xml);
  const name = textOf(findFirst(root, 'name'));
  const path = textOf(findFirst(root, 'target', 'path'));
  if (name === undefined || path === undefined) {
    throw new BerthError('xml_invalid', 'libvirt described a volume without name or path.');
  }
  return {
    pool,
    name,
    path,
    format: attributeOf(findFirst(root, 'target', 'format'), 'type') ?? 'raw',
    capacityBytes: bytesOf(findFirst(root, 'capacity')),
    allocationBytes: bytesOf(findFirst(root, 'allocation')),
    backing: readBacking(root),
  };
}

function readBacking(root: XmlNode): VolumeFacts['backing'] {
  const store = findFirst(root, 'backingStore');
  const path = textOf(findFirst(root, 'backingStore', 'path'));
  if (store === undefined || path === undefined) return null;
  return { path, format: attributeOf(findFirst(store, 'format'), 'type') ?? null };
}

/** libvirt prints sizes of volumes in bytes, and says so. */
const bytesOf = (node: XmlNode | undefined): number => Number(textOf(node) ?? 0);
