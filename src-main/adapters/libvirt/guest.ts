import { BlockList, isIPv6 } from 'node:net';
import {
  type Domain,
  DomainDeviceModifyFlags,
  DomainXMLFlags,
  InterfaceAddressesSource,
  LibvirtError,
} from 'node-libvirt';
import { BerthError } from '../../core/errors.ts';
import type { Context, Part } from './context.ts';
import { isCode } from './errors.ts';
import { attributeOf, findAll, findFirst, parseXml, printXml, type XmlNode } from './xml.ts';

const AGENT_SECONDS = 3;
/** libvirt's own wait, with some air: it must not be cut off before it says what went wrong. */
const AGENT_TIMEOUT_MS = (AGENT_SECONDS + 3) * 1000;
const PING = JSON.stringify({ execute: 'guest-ping' });

type GuestPart = Part<'domainAddresses' | 'pingAgent' | 'ejectMedium'>;

export function guests({ run }: Context): GuestPart {
  const addressesFrom = (uuid: string, source: number, signal: AbortSignal | undefined) =>
    run(
      'ask for the addresses of the machine',
      async (connection, call) => {
        const domain = await connection.domainLookupByUUID(uuid, call);
        if (source === InterfaceAddressesSource.AGENT) {
          await domain.agentSetResponseTimeout(AGENT_SECONDS, 0, call);
        }
        return listAddresses(domain, source, call);
      },
      { ...(signal && { signal }), timeoutMs: AGENT_TIMEOUT_MS },
    );
  return {
    async domainAddresses(uuid, { signal } = {}) {
      const { LEASE, AGENT } = InterfaceAddressesSource;
      const found = await Promise.allSettled([
        addressesFrom(uuid, LEASE, signal),
        addressesFrom(uuid, AGENT, signal),
      ]);
      signal?.throwIfAborted();
      return mergeAddresses(found.flatMap((one) => (one.status === 'fulfilled' ? one.value : [])));
    },
    async pingAgent(uuid, timeoutSeconds, options = {}) {
      const seconds = Math.max(1, Math.ceil(timeoutSeconds));
      try {
        await run(
          'reach the guest agent',
          async (connection, call) => {
            const domain = await connection.domainLookupByUUID(uuid, call);
            await domain.qemuAgentCommand(PING, seconds, 0, call);
          },
          { ...options, timeoutMs: seconds * 1000 + AGENT_TIMEOUT_MS },
        );
        return true;
      } catch (error) {
        if (NO_AGENT.some((code) => isCode(error, code))) return false;
        throw error;
      }
    },
    ejectMedium: (uuid, target, options) =>
      run(
        `empty the drive “${target}”`,
        async (connection, call) => {
          const domain = await connection.domainLookupByUUID(uuid, call);
          const [active, persistent] = await Promise.all([
            domain.isActive(call),
            domain.isPersistent(call),
          ]);
          if (active) await eject(domain, target, 'live', call);
          if (persistent) await eject(domain, target, 'stored', call);
        },
        options,
      ),
  };
}

/** The agent is silent, its channel is not there, or the machine does not run. */
const NO_AGENT = ['agent_unresponsive', 'agent_missing', 'domain_inactive', 'timeout'] as const;

async function listAddresses(
  domain: Domain,
  source: number,
  call: { signal?: AbortSignal | undefined },
): Promise<string[]> {
  const interfaces = await domain.interfaceAddresses(source, 0, call);
  return interfaces.flatMap(({ addrs }) => addrs.map(({ addr }) => addr));
}

const LOCAL = new BlockList();
LOCAL.addSubnet('127.0.0.0', 8, 'ipv4');
LOCAL.addSubnet('169.254.0.0', 16, 'ipv4');
LOCAL.addAddress('::1', 'ipv6');
LOCAL.addSubnet('fe80::', 10, 'ipv6');

/** Each address once, those that only mean something inside the guest left out, IPv4 first. */
export function mergeAddresses(addresses: readonly string[]): string[] {
  const useful = [...new Set(addresses)].filter(
    (address) => !LOCAL.check(address, isIPv6(address) ? 'ipv6' : 'ipv4'),
  );
  return [...useful.filter((one) => !isIPv6(one)), ...useful.filter(isIPv6)];
}

async function eject(
  domain: Domain,
  target: string,
  where: 'live' | 'stored',
  call: { signal?: AbortSignal | undefined },
): Promise<void> {
  const stored = where === 'stored';
  const xml = await domain.getXMLDesc(stored ? DomainXMLFlags.INACTIVE : 0, call);
  const empty = emptiedDrive(xml, target);
  if (empty === null) return;
  const { CONFIG, LIVE, FORCE } = DomainDeviceModifyFlags;
  try {
    // Forced: a guest that has mounted the medium has locked the tray.
    await domain.updateDeviceFlags(empty, stored ? CONFIG : LIVE | FORCE, call);
  } catch (error) {
    const ended = !stored && error instanceof LibvirtError && isCode(error, 'domain_inactive');
    if (!ended) throw error;
  }
}

/** The drive as it should be, null when it is empty already. Throws `device_missing`. */
export function emptiedDrive(domainXml: string, target: string): string | null {
  const drive = findAll(parseXml(domainXml), 'devices', 'disk').find(
    (disk) => attributeOf(findFirst(disk, 'target'), 'dev') === target,
  );
  if (drive === undefined || attributeOf(drive, 'device') !== 'cdrom') {
    throw new BerthError('device_missing', `The machine has no CD-ROM drive “${target}”.`);
  }
  const { index, startupPolicy, ...medium } = findFirst(drive, 'source')?.attributes ?? {};
  if (Object.keys(medium).length === 0) return null;
  const dropped = new Set(['source', 'backingStore']);
  const elements = (drive.elements ?? []).filter(({ name = '' }) => !dropped.has(name));
  const emptied: XmlNode = { ...drive, elements };
  return printXml(emptied);
}
