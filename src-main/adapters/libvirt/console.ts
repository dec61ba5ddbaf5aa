import { BerthError } from '../../core/errors.ts';
import type { ConsoleEndpoint } from '../../core/ports/hypervisor.ts';
import type { Context, Part } from './context.ts';
import { attributeOf, findAll, parseXml, type XmlNode } from './xml.ts';

export function consoles({ run, mapPath }: Context): Part<'consoleEndpoint'> {
  return {
    async consoleEndpoint(uuid, options) {
      const xml = await run(
        'find the display of the machine',
        async (connection, call) => {
          const domain = await connection.domainLookupByUUID(uuid, call);
          const [text, active] = await Promise.all([
            domain.getXMLDesc(0, call),
            domain.isActive(call),
          ]);
          if (!active) throw new BerthError('domain_inactive', 'The machine does not run.');
          return text;
        },
        options,
      );
      return parseConsoleEndpoint(xml, mapPath);
    },
  };
}

/** Where the display of a running domain listens: SPICE before VNC, a socket before a port. */
export function parseConsoleEndpoint(
  liveXml: string,
  mapPath: (path: string) => string = (path) => path,
): ConsoleEndpoint {
  const displays = findAll(parseXml(liveXml), 'devices', 'graphics');
  for (const protocol of ['spice', 'vnc'] as const) {
    for (const display of displays) {
      if (attributeOf(display, 'type') !== protocol) continue;
      const target = socketOf(display, mapPath) ?? portOf(display);
      if (target !== null) return { protocol, target };
    }
  }
  throw new BerthError('console_missing', 'The machine has no display that can be reached.', {
    hint: 'Add a SPICE or VNC display, or use the serial console.',
  });
}

function socketOf(
  display: XmlNode,
  mapPath: (path: string) => string,
): ConsoleEndpoint['target'] | null {
  const listener = findAll(display, 'listen').find((one) => attributeOf(one, 'socket'));
  const path = attributeOf(listener, 'socket') ?? attributeOf(display, 'socket');
  return path ? { kind: 'unix', path: mapPath(path) } : null;
}

const ANY_ADDRESS: Readonly<Record<string, string>> = { '0.0.0.0': '127.0.0.1', '::': '::1' };

function portOf(display: XmlNode): ConsoleEndpoint['target'] | null {
  const port = Number(attributeOf(display, 'port') ?? -1);
  if (!Number.isInteger(port) || port <= 0) return null;
  const listener = findAll(display, 'listen').find((one) => attributeOf(one, 'address'));
  const address = attributeOf(listener, 'address') ?? attributeOf(display, 'listen') ?? '127.0.0.1';
  return { kind: 'tcp', host: ANY_ADDRESS[address] ?? address, port };
}
