import net from 'node:net';
import { TransportError, type TransportErrorReason } from './transport-error.ts';

export interface DialOptions {
  readonly signal?: AbortSignal | undefined;
}

const REASONS: Readonly<Record<string, TransportErrorReason>> = {
  ENOENT: 'socket-missing',
  ECONNREFUSED: 'socket-refused',
  EACCES: 'socket-denied',
  EPERM: 'socket-denied',
};

/** sun_path holds 108 bytes with the final NUL. */
const MAX_PATH_BYTES = 107;

function advice(reason: TransportErrorReason, path: string, detail: string): string {
  switch (reason) {
    case 'socket-missing':
      return `there is no libvirt daemon at ${path}: install libvirt-daemon-system or start it (systemctl start libvirtd.socket)`;
    case 'socket-refused':
      return `nothing listens on ${path} any more: start the libvirt daemon (systemctl restart libvirtd.socket)`;
    case 'socket-denied':
      return `no permission for ${path}: add yourself to the group libvirt (sudo usermod -aG libvirt "$USER") and log in again, or use qemu:///session`;
    default:
      return `cannot connect to ${path}: ${detail}`;
  }
}

function explain(error: NodeJS.ErrnoException, path: string): TransportError {
  const reason = REASONS[error.code ?? ''] ?? 'socket-failed';
  return new TransportError(reason, advice(reason, path, error.message), { cause: error });
}

/** @throws TransportError `socket-*`, or the signal's reason. */
export async function connectUnixSocket(
  path: string,
  { signal }: DialOptions = {},
): Promise<net.Socket> {
  signal?.throwIfAborted();
  if (Buffer.byteLength(path) > MAX_PATH_BYTES) {
    const text = `the socket path ${path} is longer than the ${MAX_PATH_BYTES} bytes a socket can have`;
    throw new TransportError('socket-failed', text);
  }
  return new Promise((resolve, reject) => {
    const socket = net.connect({ path });
    const release = (): void => {
      signal?.removeEventListener('abort', onAbort);
      socket.removeAllListeners('error');
      socket.removeAllListeners('connect');
    };
    const onAbort = (): void => {
      release();
      socket.on('error', () => undefined);
      socket.destroy();
      reject(signal?.reason);
    };
    socket.once('error', (error) => {
      release();
      reject(explain(error, path));
    });
    socket.once('connect', () => {
      release();
      resolve(socket);
    });
    signal?.addEventListener('abort', onAbort, { once: true });
  });
}
