/** Where a display is, as `Hypervisor.consoleEndpoint` tells it. */
export interface DisplayEndpoint {
  protocol: 'spice' | 'vnc';
  target: { kind: 'unix'; path: string } | { kind: 'tcp'; host: string; port: number };
}

/**
 * A connection file of remote-viewer(1), section CONNECTION FILE: a GLib key file with a group
 * [virt-viewer]. The viewer deletes it when it has read it (`delete-this-file`).
 *
 * @param password null when the display has none.
 */
export function vvFile(endpoint: DisplayEndpoint, password: string | null, title: string): string {
  const { protocol, target } = endpoint;
  const entries: [string, string][] = [
    ['type', protocol],
    ...(target.kind === 'unix'
      ? ([['unix-path', target.path]] satisfies [string, string][])
      : ([
          ['host', target.host],
          ['port', String(target.port)],
        ] satisfies [string, string][])),
    ...(password === null ? [] : ([['password', password]] satisfies [string, string][])),
    ['title', title],
    ['delete-this-file', '1'],
  ];
  const lines = entries.map(([key, value]) => `${key}=${escaped(value)}`);
  return `[virt-viewer]\n${lines.join('\n')}\n`;
}

/** GLib's escapes in the values of a key file; other control characters have none and are dropped. */
function escaped(value: string): string {
  return value
    .toWellFormed()
    .replaceAll('\\', '\\\\')
    .replaceAll('\n', '\\n')
    .replaceAll('\t', '\\t')
    .replaceAll('\r', '\\r')
    .replace(/^ +/, (blanks) => '\\s'.repeat(blanks.length))
    .replaceAll(/\p{Cc}/gu, '');
}
