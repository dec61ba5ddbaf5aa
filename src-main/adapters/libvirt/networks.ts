import { type CallOptions as LibvirtCallOptions, LibvirtError, type Network } from 'node-libvirt';
import type { NetworkFacts } from '../../core/ports/hypervisor.ts';
import type { Context, Part } from './context.ts';
import { tolerate } from './errors.ts';
import { attributeOf, findFirst, parseXml } from './xml.ts';

export function networks({ run }: Context): Part<'listNetworks' | 'startNetwork'> {
  return {
    listNetworks: (options) =>
      run(
        'list the networks',
        async (connection, call) => {
          const all = await connection.listAllNetworks(0, call);
          const facts = await Promise.all(all.map((network) => readNetwork(network, call)));
          return facts.filter((one) => one !== null);
        },
        options,
      ),
    startNetwork: (name, options) => {
      const started = run(
        `start the network “${name}”`,
        async (connection, call) => {
          const network = await connection.networkLookupByName(name, call);
          if (!(await network.isActive(call))) await network.create(call);
        },
        options,
      );
      return tolerate(['already_active'], started);
    },
  };
}

/** Null when it has just gone. */
async function readNetwork(
  network: Network,
  call: LibvirtCallOptions,
): Promise<NetworkFacts | null> {
  try {
    const [xml, active] = await Promise.all([network.getXMLDesc(0, call), network.isActive(call)]);
    const root = parseXml(xml);
    const forward = findFirst(root, 'forward');
    return {
      name: network.name,
      active,
      bridge: attributeOf(findFirst(root, 'bridge'), 'name') ?? null,
      // NAT is what a <forward> without a mode means.
      forward: forward === undefined ? null : (attributeOf(forward, 'mode') ?? 'nat'),
    };
  } catch (error) {
    if (error instanceof LibvirtError && error.isNoNetwork) return null;
    throw error;
  }
}
