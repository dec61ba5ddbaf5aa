import { parseTarget, type SSHTarget } from './ssh-target.ts';
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
  /** The computer to reach by ssh; null for this one. */
  readonly ssh: SSHTarget | null;
}

/** Parameters that say how to reach a daemon (libvirt's docs/uri.rst): none of them is for it. */
const TRANSPORT_PARAMETERS = [
  'name',
  'command',
  'socket',
  'auth',
  'sshauth',
  'netcat',
  'keyfile',
  'pkipath',
  'known_hosts',
  'known_hosts_verify',
  'tls_priority',
  'mode',
  'proxy',
  'no_sanity',
  'no_verify',
  'no_tty',
];
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

/** @throws TransportError `uri-invalid`, or `uri-unsupported` for TLS, TCP and the like. */
export function parseURI(uri: string): ConnectionURI {
  const match = URI.exec(uri);
  if (match === null) {
    throw new TransportError(
      'uri-invalid',
      `'${uri}' is not a libvirt URI such as qemu:///system or qemu+ssh://user@host/system`,
    );
  }
  const [, driver = '', transport, authority = '', path = '', query = ''] = match;
  const parameters = new URLSearchParams(query);
  const ssh = transport === 'ssh' ? parseTarget(uri, authority, parameters) : null;
  if (ssh === null && (authority !== '' || (transport !== undefined && transport !== 'unix'))) {
    throw new TransportError(
      'uri-unsupported',
      `'${uri}' asks for TLS or TCP, which this client does not have: use ${driver}+ssh://HOST${path}, or ${driver}://${path} on this computer`,
    );
  }
  const socket = parameters.get('socket');
  if (socket !== null && !socket.startsWith('/')) {
    throw new TransportError('uri-invalid', `socket= in '${uri}' is not an absolute path`);
  }
  const mode = parameters.get('mode') ?? 'auto';
  if (!isMode(mode)) {
    throw new TransportError('uri-invalid', `mode= in '${uri}' is not auto, direct or legacy`);
  }
  const name = parameters.get('name');
  for (const key of TRANSPORT_PARAMETERS) parameters.delete(key);
  const rest = parameters.size > 0 ? `?${parameters.toString()}` : '';
  return { driver, path, socket, mode, name: name ?? `${driver}://${path}${rest}`, ssh };
}

function isMode(mode: string): mode is ConnectionURI['mode'] {
  return MODES.has(mode);
}
