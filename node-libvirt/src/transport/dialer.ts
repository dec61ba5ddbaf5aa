import type { Duplex } from 'node:stream';
import { connectSessionDaemon } from './session-daemon.ts';
import { currentSurroundings, findDaemon, type Surroundings } from './socket-paths.ts';
import { connectSSH } from './ssh.ts';
import { remoteCommand, sshArguments } from './ssh-command.ts';
import { connectUnixSocket, type DialOptions } from './unix-socket.ts';
import type { ConnectionURI } from './uri.ts';

/** Opens one more byte stream to the same daemon. Anything that yields a Duplex will do. */
export type Dialer = (options?: DialOptions) => Promise<Duplex>;

interface DialerOptions {
  readonly readonly?: boolean | undefined;
  /** Overrides the socket, as `?socket=` does. */
  readonly socket?: string | undefined;
  readonly surroundings?: Surroundings | undefined;
}

/** How to reach the daemon behind a URI. The choice is made anew each time it dials. */
export function dialerFor(uri: ConnectionURI, options: DialerOptions = {}): Dialer {
  const around = options.surroundings ?? currentSurroundings();
  const socket = options.socket ?? uri.socket;
  const { ssh } = uri;
  if (ssh !== null) {
    const command = remoteCommand(uri, ssh, { readonly: options.readonly ?? false, socket });
    return (dial) => connectSSH(ssh, sshArguments(ssh, command), dial);
  }
  return async (dial) => {
    if (socket !== null) return connectUnixSocket(socket, dial);
    const address = findDaemon(uri, { ...around, readonly: options.readonly ?? false });
    if (address.session) return connectSessionDaemon(address, around, dial);
    return connectUnixSocket(address.socketPath, dial);
  };
}
