import type { CallOptions as LibvirtCallOptions, Network } from 'node-libvirt';
import type { Context, Part } from './context.ts';
import { isCode, tolerate } from './errors.ts';
import { attributeOf, findAll, parseXml } from './xml.ts';

type MakingPart = Part<'findNetwork' | 'listNetworkSubnets' | 'createNetwork' | 'removeNetwork'>;

/** Networks that Berth makes: https://libvirt.org/formatnetwork.html. */
export function networkMaking({ run }: Context): MakingPart {
  return {
    findNetwork: (name, options) =>
      run(
        `read the network “${name}”`,
        async (connection, call) => {
          try {
            const network = await connection.networkLookupByName(name, call);
            const [xml, active] = await Promise.all([
              network.getXMLDesc(0, call),
              network.isActive(call),
            ]);
            return { name, uuid: network.uuid, active, xml };
          } catch (error) {
            if (isCode(error, 'network_missing')) return null;
            throw error;
          }
        },
        options,
      ),
    listNetworkSubnets: (options) =>
      run(
        'list the subnets of the networks',
        async (connection, call) => {
          const all = await connection.listAllNetworks(0, call);
          return (await Promise.all(all.map((network) => subnetsIn(network, call)))).flat();
        },
        options,
      ),
    createNetwork: (xml, options) =>
      run(
        'make the network',
        async (connection, call) => {
          const network = await connection.networkDefineXML(xml, 0, call);
          await network.setAutostart(true, call);
          if (!(await network.isActive(call))) await network.create(call);
          return { name: network.name, uuid: network.uuid };
        },
        options,
      ),
    removeNetwork: (name, options) => {
      const done = run(
        `remove the network “${name}”`,
        async (connection, call) => {
          const network = await connection.networkLookupByName(name, call);
          if (await network.isActive(call)) await network.destroy(call);
          await network.undefine(call);
        },
        options,
      );
      return tolerate(['network_missing'], done);
    },
  };
}

/** None of one that has just gone. */
async function subnetsIn(network: Network, call: LibvirtCallOptions): Promise<string[]> {
  try {
    return subnetsOf(await network.getXMLDesc(0, call));
  } catch (error) {
    if (isCode(error, 'network_missing')) return [];
    throw error;
  }
}

export function subnetsOf(networkXml: string): string[] {
  return findAll(parseXml(networkXml), 'ip').flatMap((ip) => {
    const address = attributeOf(ip, 'address');
    if (address === undefined) return [];
    const prefix = attributeOf(ip, 'prefix') ?? prefixOf(attributeOf(ip, 'netmask'), address);
    return [`${address}/${prefix}`];
  });
}

/** Without mask and prefix libvirt takes the class of the address; a network of 24 bits is what such files mean. */
function prefixOf(netmask: string | undefined, address: string): number {
  if (netmask === undefined) return address.includes(':') ? 64 : 24;
  const bits = netmask.split('.').map((octet) => Number(octet).toString(2).replaceAll('0', ''));
  return bits.join('').length;
}
