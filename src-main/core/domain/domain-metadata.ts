import { el, type XmlElement } from './domain-xml-element.ts';

/** XML namespace of Berth's element in a domain's `<metadata>`. */
export const METADATA_NAMESPACE = 'https://berth.example/xmlns/domain/1';
export const METADATA_SCHEMA_VERSION = 1;
export const METADATA_PREFIX = 'berth';
const METADATA_TAG = 'machine';
const LIBOSINFO_NAMESPACE = 'http://libosinfo.org/xmlns/libvirt/domain/1.0';

export interface MetadataFields {
  machineId: string;
  creationId: string;
  templateId: string;
  departmentId: string;
  schemaVersion: number;
}

/** `<berth:machine schema= id= creation= template= department=/>`, with its namespace declared. */
export function metadataElement(fields: MetadataFields): XmlElement {
  return el(`${METADATA_PREFIX}:${METADATA_TAG}`, {
    [`xmlns:${METADATA_PREFIX}`]: METADATA_NAMESPACE,
    ...attributesOf(fields),
  });
}

/** The same element for virDomainSetMetadata, which puts it into its namespace itself. */
export function bareMetadataElement(fields: MetadataFields): XmlElement {
  return el(METADATA_TAG, attributesOf(fields));
}

const attributesOf = (fields: MetadataFields) => ({
  schema: fields.schemaVersion,
  id: fields.machineId,
  creation: fields.creationId,
  template: fields.templateId,
  department: fields.departmentId,
});

const MACHINE_TAG = new RegExp(`<(?:([\\w.-]+):)?${METADATA_TAG}\\s([^<>]*)>`, 'g');
const ATTRIBUTE = /([\w:.-]+)\s*=\s*(?:"([^"]*)"|'([^']*)')/g;

/**
 * Finds Berth's element in a domain's XML, whatever its prefix; null when it is absent or lacks a
 * field. A schema version above ours is read all the same: later versions only add.
 */
export function parseMetadata(domainXml: string): MetadataFields | null {
  if (!domainXml.includes(METADATA_NAMESPACE)) return null;
  for (const [, prefix, text = ''] of domainXml.matchAll(MACHINE_TAG)) {
    const attributes = parseAttributes(text);
    const declared = attributes.get(prefix === undefined ? 'xmlns' : `xmlns:${prefix}`);
    if (declared === METADATA_NAMESPACE) return toFields(attributes);
  }
  return null;
}

function toFields(attributes: ReadonlyMap<string, string>): MetadataFields | null {
  const schemaVersion = Number(attributes.get('schema'));
  const machineId = attributes.get('id');
  const creationId = attributes.get('creation');
  const templateId = attributes.get('template');
  const departmentId = attributes.get('department');
  const complete =
    Number.isSafeInteger(schemaVersion) &&
    machineId !== undefined &&
    creationId !== undefined &&
    templateId !== undefined &&
    departmentId !== undefined;
  return complete ? { machineId, creationId, templateId, departmentId, schemaVersion } : null;
}

/** The attributes of one tag, given what stands between its name and its end; entities decoded. */
export function parseAttributes(text: string): Map<string, string> {
  const attributes = new Map<string, string>();
  for (const [, name = '', double, single] of text.matchAll(ATTRIBUTE)) {
    attributes.set(name, decodeEntities(double ?? single ?? ''));
  }
  return attributes;
}

const NAMED: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
};
const LAST_CODE_POINT = 0x10ffff;

/** Resolves XML's five named entities and character references; anything else stays as it is. */
export function decodeEntities(text: string): string {
  if (!text.includes('&')) return text;
  return text.replace(/&(?:#x([\da-f]{1,6})|#(\d{1,7})|(\w+));/gi, (whole, hex, decimal, name) => {
    if (name !== undefined) return NAMED[name] ?? whole;
    const code = hex === undefined ? Number(decimal) : Number.parseInt(hex, 16);
    return code <= LAST_CODE_POINT ? String.fromCodePoint(code) : whole;
  });
}

/** Short-id prefixes of osinfo-db whose full id is the address below plus the version. */
const OSINFO_FAMILIES: readonly (readonly [prefix: string, base: string])[] = [
  ['almalinux', 'http://almalinux.org/almalinux/'],
  ['alpinelinux', 'http://alpinelinux.org/alpinelinux/'],
  ['archlinux', 'http://archlinux.org/archlinux/'],
  ['centos-stream', 'http://centos.org/centos-stream/'],
  ['debian', 'http://debian.org/debian/'],
  ['fedora', 'http://fedoraproject.org/fedora/'],
  ['freebsd', 'http://freebsd.org/freebsd/'],
  ['gentoo', 'http://gentoo.org/gentoo/'],
  ['linux', 'http://libosinfo.org/linux/'],
  ['opensuse', 'http://opensuse.org/opensuse/'],
  ['rhel', 'http://redhat.com/rhel/'],
  ['rocky', 'http://rockylinux.org/rocky/'],
  ['silverblue', 'http://fedoraproject.org/silverblue/'],
  ['ubuntu', 'http://ubuntu.com/ubuntu/'],
  ['win', 'http://microsoft.com/win/'],
];
const ROLLING = 'rolling';

/** `debian12` -> `http://debian.org/debian/12`; a full id stays; null when the family is unknown. */
export function osinfoUrl(osinfoId: string): string | null {
  if (/^https?:\/\//.test(osinfoId)) return osinfoId;
  for (const [prefix, base] of OSINFO_FAMILIES) {
    if (osinfoId === prefix) return `${base}${ROLLING}`;
    const version = osinfoId.slice(prefix.length);
    // `win2k22` and `linux2022` are in, `linuxmint` is of no family here.
    if (osinfoId.startsWith(prefix) && /^(\d|tumbleweed$|testing$)/.test(version)) {
      return `${base}${version}`;
    }
  }
  return null;
}

/** The inverse of {@link osinfoUrl}; a full id of no known family stays as it is. */
export function osinfoShortId(url: string): string {
  for (const [prefix, base] of OSINFO_FAMILIES) {
    if (!url.startsWith(base)) continue;
    const version = url.slice(base.length);
    return version === ROLLING ? prefix : `${prefix}${version}`;
  }
  return url;
}

/** The element by which virt-manager, GNOME Boxes and Cockpit know a domain's OS. */
export function libosinfoElement(osinfoId: string | null): XmlElement | null {
  const url = osinfoId === null ? null : osinfoUrl(osinfoId);
  if (url === null) return null;
  return el(
    'libosinfo:libosinfo',
    { 'xmlns:libosinfo': LIBOSINFO_NAMESPACE },
    el('libosinfo:os', { id: url }),
  );
}

const LIBOSINFO_TAG = /<(?:[\w.-]+:)?os\s+id\s*=\s*(?:"([^"]*)"|'([^']*)')/;

/** The short id of the OS that a domain's metadata names. */
export function parseOsinfoId(domainXml: string): string | null {
  const start = domainXml.indexOf(LIBOSINFO_NAMESPACE);
  if (start === -1) return null;
  const match = LIBOSINFO_TAG.exec(domainXml.slice(start, start + 1024));
  const url = match?.[1] ?? match?.[2];
  return url === undefined ? null : osinfoShortId(decodeEntities(url));
}
