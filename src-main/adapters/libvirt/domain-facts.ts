import {
  decodeEntities,
  parseAttributes,
  parseMetadata,
  parseOsinfoId,
} from '../../core/domain/domain-metadata.ts';
import { formatPciAddress } from '../../core/domain/pci.ts';
import { parseCpuList } from '../../core/domain/topology.ts';
import type { DomainFacts } from '../../core/ports/hypervisor.ts';
import { powerOf } from './power.ts';

/** What a domain's XML says of it. */
type XmlFacts = Omit<DomainFacts, 'uuid' | 'power' | 'persistent'>;

/** Bytes in one of libvirt's memory units; KiB when it names none. */
const UNIT_BYTES: Readonly<Record<string, number>> = {
  b: 1,
  bytes: 1,
  KB: 1e3,
  k: 1024,
  KiB: 1024,
  MB: 1e6,
  M: 1024 ** 2,
  MiB: 1024 ** 2,
  GB: 1e9,
  G: 1024 ** 3,
  GiB: 1024 ** 3,
  TB: 1e12,
  T: 1024 ** 4,
  TiB: 1024 ** 4,
};

const METADATA_START = '<metadata>';
const METADATA_END = '</metadata>';
const NAME = /<name>([^<]*)<\/name>/;
const TITLE = /<title>([^<]*)<\/title>/;
const MEMORY = /<memory([^>]*)>\s*(\d+)\s*<\/memory>/;
const VCPU = /<vcpu([^>]*)>\s*(\d+)\s*<\/vcpu>/;
const VCPU_PIN = /<vcpupin\s([^>]*)>/g;
const HOSTDEV = /<hostdev\s([^>]*)>([\s\S]*?)<\/hostdev>/g;
const SOURCE_ADDRESS = /<source[^>]*>\s*<address\s([^>]*)>/;
const GRAPHICS = /<graphics\s[^>]*?\btype=["']([a-z-]+)["']/g;

/**
 * Reads the few fields that a list needs from the XML that libvirt prints. A scan, since parsing a
 * thousand whole documents takes longer than fetching them.
 */
export function scanDomainXml(xml: string): XmlFacts {
  const { metadata, rest } = splitMetadata(xml);
  const title = TITLE.exec(rest)?.[1];
  return {
    name: decodeEntities(NAME.exec(rest)?.[1] ?? ''),
    title: title === undefined ? null : decodeEntities(title),
    vcpus: scanVcpus(rest),
    memoryBytes: scanMemory(rest),
    graphics: scanGraphics(rest),
    pinnedCpus: scanPins(rest),
    hostDevices: scanHostDevices(rest),
    osinfoId: parseOsinfoId(metadata),
    metadata: parseMetadata(metadata),
  };
}

/** Other tools may put anything into the metadata, such as another `<name>`. */
function splitMetadata(xml: string): { metadata: string; rest: string } {
  const start = xml.indexOf(METADATA_START);
  const end = start === -1 ? -1 : xml.lastIndexOf(METADATA_END);
  if (end < start || end === -1) return { metadata: '', rest: xml };
  const after = end + METADATA_END.length;
  return { metadata: xml.slice(start, after), rest: xml.slice(0, start) + xml.slice(after) };
}

function scanMemory(xml: string): number {
  const [, attributes = '', amount = '0'] = MEMORY.exec(xml) ?? [];
  const unit = parseAttributes(attributes).get('unit') ?? 'KiB';
  return Number(amount) * (UNIT_BYTES[unit] ?? UNIT_BYTES['KiB'] ?? 1024);
}

function scanVcpus(xml: string): number {
  const [, attributes = '', maximum = '0'] = VCPU.exec(xml) ?? [];
  return Number(parseAttributes(attributes).get('current') ?? maximum);
}

/** A vCPU bound to several CPUs shares them with others; one that is bound to a single CPU has it. */
function scanPins(xml: string): number[] {
  const pins = [...xml.matchAll(VCPU_PIN)].map(([, attributes = '']) =>
    parseCpuList(parseAttributes(attributes).get('cpuset') ?? ''),
  );
  const single = pins.flatMap((cpus) => (cpus?.length === 1 ? cpus : []));
  return [...new Set(single)].sort((a, b) => a - b);
}

function scanHostDevices(xml: string): string[] {
  return [...xml.matchAll(HOSTDEV)].flatMap(([, attributes = '', content = '']) => {
    if (parseAttributes(attributes).get('type') !== 'pci') return [];
    const address = parseAttributes(SOURCE_ADDRESS.exec(content)?.[1] ?? '');
    const part = (name: string) => Number(address.get(name) ?? 0);
    return formatPciAddress(part('domain'), part('bus'), part('slot'), part('function'));
  });
}

/** A domain may have several displays: the richer one counts. */
function scanGraphics(xml: string): DomainFacts['graphics'] {
  const types = new Set([...xml.matchAll(GRAPHICS)].map((match) => match[1]));
  if (types.has('spice')) return 'spice';
  return types.has('vnc') ? 'vnc' : 'none';
}

export interface DomainSituation {
  uuid: string;
  state: number;
  reason: number;
  persistent: boolean;
}

export function toDomainFacts(situation: DomainSituation, xml: string): DomainFacts {
  const { uuid, state, reason, persistent } = situation;
  return { uuid, power: powerOf(state, reason), persistent, ...scanDomainXml(xml) };
}
