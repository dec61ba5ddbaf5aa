import { candidateSockets } from './socket-paths.ts';
import type { SSHTarget } from './ssh-target.ts';
import { TransportError } from './transport-error.ts';
import type { ConnectionURI } from './uri.ts';

interface RemoteOptions {
  readonly readonly: boolean;
  /** The far end's socket, instead of the one that belongs to the URI. */
  readonly socket: string | null;
}

/** For a POSIX shell. */
function quote(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}

/** libvirt's helper finds the socket, and starts a session daemon, as the library itself does. */
function helperScript(name: string, readonly: boolean): string {
  return `exec virt-ssh-helper ${readonly ? '-r ' : ''}${quote(name)}`;
}

function netcatScript(netcat: string, sockets: readonly string[]): string {
  const find = `for s in ${sockets.map(quote).join(' ')}; do [ -S "$s" ] && break; done`;
  // Some netcats wait for ever after the end of their input unless told not to.
  const option = `if "$nc" -q 2>&1 | grep -q 'requires an argument'; then set -- -q0; else set --; fi`;
  return `nc=${quote(netcat)}; ${find}; ${option}; exec "$nc" "$@" -U "$s"`;
}

/** The command that ssh runs at the far end. */
export function remoteCommand(
  uri: ConnectionURI,
  target: SSHTarget,
  { readonly, socket }: RemoteOptions,
): string {
  const session = uri.path === '/session';
  const sockets = socket === null ? candidateSockets(uri, readonly) : [socket];
  const helper = helperScript(uri.name, readonly);
  const netcat = netcatScript(target.netcat ?? 'nc', sockets);
  const proxy = target.proxy === 'auto' && socket !== null ? 'netcat' : target.proxy;
  if (proxy === 'native' || (proxy === 'auto' && session)) return `sh -c ${quote(helper)}`;
  if (proxy === 'auto') {
    const either = `if command -v virt-ssh-helper >/dev/null 2>&1; then ${helper}; fi; ${netcat}`;
    return `sh -c ${quote(either)}`;
  }
  if (session && socket === null) {
    const text = 'a session over ssh needs virt-ssh-helper at the far end, or socket=';
    throw new TransportError('uri-unsupported', text);
  }
  return `sh -c ${quote(netcat)}`;
}

/** The arguments of ssh. */
export function sshArguments(target: SSHTarget, command: string): string[] {
  const option = (name: string, value: string | null): string[] =>
    value === null ? [] : [name, value];
  return [
    ...option('-p', target.port === null ? null : String(target.port)),
    ...option('-l', target.user),
    ...option('-i', target.keyfile),
    ...['-T', '-e', 'none'],
    ...option('-o', target.tty ? null : 'BatchMode=yes'),
    ...option('-o', target.verify ? null : 'StrictHostKeyChecking=no'),
    ...option('-o', target.knownHosts === null ? null : `UserKnownHostsFile=${target.knownHosts}`),
    ...['--', target.host, command],
  ];
}
