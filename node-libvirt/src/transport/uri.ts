import { TransportError } from './transport-error.ts';

/** A libvirt connection URI, taken apart. */
export interface ConnectionURI {
  /** The driver: `qemu`, `test`, ... */
  readonly driver: string;
  readonly path: string;
  /** `?socket=`: an absolute path that overrides every choice of socket. */
  readonly socket: string | null;
  /** `?mode=`: whether to talk to the driver's own daemon or to libvirtd. */
  readonly mode: 'auto' | 'direct' | 'legacy';
  /** What the daemon is asked to open: the URI without what concerned the way to it. */
  readonly name: string;
}

const TRANSPORT_PARAMETERS = ['socket', 'mode'];
const MODES: ReadonlySet<string> = new Set(['auto', 'direct', 'legacy']);
const URI = /^([a-z][a-z0-9]*)(?:\+([a-z0-9]+))?:\/\/([^/?#]*)(\/[^?#]*)?(?:\?([^#]*))?$/i;

/** The URI that libvirt's own tools would use when told none. */
export function defaultURI(
  env: NodeJS.ProcessEnv = process.env,
  euid = process.geteuid?.(),
): string {
  const configured = env['LIBVIRT_DEFAULT_URI'];
  if (configured !== undefined && configured !== '') return configured;
  return euid === 0 ? 'qemu:///system' : 'qemu:///session';
}

/** @throws TransportError `uri-invalid` or `uri-unsupported` (another host, another transport). */
export function parseURI(uri: string): ConnectionURI {
  const match = URI.exec(uri);
  if (match === null) {
    throw new TransportError(
      'uri-invalid',
      `'${uri}' is not a libvirt URI such as qemu:///system or qemu:///session`,
    );
  }
  const [, driver = '', transport, hostname, path = '', query = ''] = match;
  if (hostname !== '' || (transport !== undefined && transport !== 'unix')) {
    throw new TransportError(
      'uri-unsupported',
      `'${uri}' leads to another host or transport; only this host's UNIX sockets are supported`,
    );
  }
  const parameters = new URLSearchParams(query);
  const socket = parameters.get('socket');
  if (socket !== null && !socket.startsWith('/')) {
    throw new TransportError('uri-invalid', `socket= in '${uri}' is not an absolute path`);
  }
  const mode = parameters.get('mode') ?? 'auto';
  if (!isMode(mode)) {
    throw new TransportError('uri-invalid', `mode= in '${uri}' is not auto, direct or legacy`);
  }
  for (const key of TRANSPORT_PARAMETERS) parameters.delete(key);
  const rest = parameters.size > 0 ? `?${parameters.toString()}` : '';
  return { driver, path, socket, mode, name: `${driver}://${path}${rest}` };
}

function isMode(mode: string): mode is ConnectionURI['mode'] {
  return MODES.has(mode);
}
