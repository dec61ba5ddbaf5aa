import { type Element, type ElementCompact, xml2js } from 'xml-js';
import { formatAddress, parseIpNetwork } from './ip-address.ts';

/** What libvirt leaves out of the XML that it gives back, because it is what it assumes. */
const DEFAULTS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  filter: { chain: 'root', priority: '0' },
  rule: { priority: '500' },
};
/** An address or network is whole without a mask. */
const MASKS = new Set(['srcipmask', 'dstipmask', 'arpsrcipmask', 'arpdstipmask']);
const ETHERTYPES: Readonly<Record<string, string>> = { '0x86dd': 'ipv6', '0x800': 'ipv4' };

/**
 * A filter's XML in one form, whoever wrote it: without white space, comments and defaults, attributes in order,
 * addresses and numbers as one writes them. Null = not a filter. The order of rules stays: it is libvirt's as well.
 */
export function normalFilter(xml: string): string | null {
  try {
    const document: Element | ElementCompact = xml2js(xml, { compact: false, ignoreComment: true });
    const elements: Element[] = document['elements'] ?? [];
    const root = elements.find(({ name }) => name === 'filter');
    return root === undefined ? null : normalElement(root);
  } catch {
    return null;
  }
}

export function sameFilter(one: string, other: string): boolean {
  const normal = normalFilter(one);
  return normal !== null && normal === normalFilter(other);
}

function normalElement(element: Element): string {
  const { name = '', attributes = {}, elements = [] } = element;
  const kept = Object.entries(attributes)
    .map(([key, value]) => [key, normalValue(key, String(value ?? ''))] as const)
    .filter(([key, value]) => DEFAULTS[name]?.[key] !== value)
    .filter(([key, value]) => !isWholeMask(key, value, attributes))
    .filter(([key, value]) => !isSinglePort(key, value, attributes))
    .map(([key, value]) => `${key}=${JSON.stringify(value)}`)
    .sort();
  const children = elements.flatMap((child) => {
    if (child.type === 'element') return [normalElement(child)];
    const text = String(child.text ?? child.cdata ?? '').trim();
    return text === '' ? [] : [JSON.stringify(text)];
  });
  return `<${[name, ...kept].join(' ')}>${children.join('')}</>`;
}

function normalValue(key: string, value: string): string {
  if (key === 'comment') return value;
  if (key === 'state') return value.toUpperCase().split(',').sort().join(',');
  if (key === 'statematch') return /^(0|false)$/i.test(value) ? 'false' : 'true';
  if (key === 'protocolid') return ETHERTYPES[value.toLowerCase()] ?? value.toLowerCase();
  const network = parseIpNetwork(value);
  if (network !== null) return formatAddress(network.family, network.address);
  return MASKS.has(key) || /mac(?:addr|mask)$/.test(key) ? value.toLowerCase() : value;
}

function isWholeMask(key: string, value: string, attributes: Element['attributes']): boolean {
  if (!MASKS.has(key)) return false;
  const address = parseIpNetwork(String(attributes?.[key.replace('mask', 'addr')] ?? ''));
  return address !== null && value === String(address.prefix);
}

/** A range of one port is written as its start alone. */
function isSinglePort(key: string, value: string, attributes: Element['attributes']): boolean {
  if (!key.endsWith('portend')) return false;
  return String(attributes?.[key.replace('end', 'start')] ?? '') === value;
}
