import { access, readdir, readFile } from 'node:fs/promises';
import { networkInterfaces } from 'node:os';
import { join } from 'node:path';
import { formatAddress } from '../../core/domain/ip-address.ts';
import type { HostNetwork } from '../../core/ports/host-network.ts';

/** Where the kernel tells of its network; see sysfs(5) and proc(5). */
export interface NetworkPaths {
  sysNet: string;
  proc: string;
}

export const KERNEL: NetworkPaths = { sysNet: '/sys/class/net', proc: '/proc' };

const IFF_UP = 1n;

export function createHostNetwork({ sysNet, proc }: NetworkPaths = KERNEL): HostNetwork {
  return {
    async bridges() {
      const all = await Promise.all((await names(sysNet)).map((name) => bridge(sysNet, name)));
      return all.filter((one) => one !== null);
    },
    interfaces: () => names(sysNet),
    async usedSubnets() {
      const routes = parseRoutes(await text(join(proc, 'net/route')));
      const own = Object.values(networkInterfaces()).flatMap((list) =>
        (list ?? []).flatMap(({ cidr }) => cidr ?? []),
      );
      return [...new Set([...own, ...routes])];
    },
    async bridgeFirewall() {
      const files = ['iptables', 'ip6tables'].map((table) =>
        text(join(proc, `sys/net/bridge/bridge-nf-call-${table}`)),
      );
      const values = (await Promise.all(files)).map((value) => value.trim());
      if (values.includes('0')) return false;
      return values.every((value) => value === '1') ? true : null;
    },
  };
}

async function bridge(sysNet: string, name: string) {
  try {
    await access(join(sysNet, name, 'bridge'));
  } catch {
    return null;
  }
  const flags = (await text(join(sysNet, name, 'flags'))).trim();
  const mtu = Number(await text(join(sysNet, name, 'mtu'))) || null;
  return { name, mtu, up: /^0x[0-9a-f]+$/i.test(flags) && (BigInt(flags) & IFF_UP) !== 0n };
}

async function names(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch {
    return [];
  }
}

async function text(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch {
    return '';
  }
}

/** /proc/net/route: destination and mask as hexadecimal numbers in the byte order of the host, which is little-endian here. */
export function parseRoutes(table: string): string[] {
  return table
    .split('\n')
    .slice(1)
    .flatMap((line) => {
      const [, destination = '', , , , , , mask = ''] = line.trim().split(/\s+/);
      if (!/^[0-9A-F]{8}$/i.test(destination) || !/^[0-9A-F]{8}$/i.test(mask)) return [];
      const prefix = Number.parseInt(mask, 16).toString(2).replaceAll('0', '').length;
      if (prefix === 0) return [];
      const octets = destination.match(/../g)?.reverse().join('') ?? '0';
      return [`${formatAddress(4, BigInt(`0x${octets}`))}/${prefix}`];
    });
}
