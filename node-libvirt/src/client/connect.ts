import { DEFAULT_KEEPALIVE, type KeepaliveOptions } from '../connection/keepalive.ts';
import {
  DEFAULT_RECONNECT,
  type ReconnectOptions,
  RpcConnection,
} from '../connection/rpc-connection.ts';
import { type Dialer, dialerFor } from '../transport/dialer.ts';
import { defaultURI, parseURI } from '../transport/uri.ts';
import { Connection } from './connection.ts';

export interface ConnectOptions {
  readonly signal?: AbortSignal | undefined;
  /** How long opening may take, 30 s unless said; a session daemon may have to start first. */
  readonly timeoutMs?: number | undefined;
  readonly readonly?: boolean | undefined;
  /** The daemon's socket, instead of the one that belongs to the URI. */
  readonly socket?: string | undefined;
  /** Another way to the daemon than a UNIX socket of this host. */
  readonly dial?: Dialer | undefined;
  /** Null turns off the client's own pings. */
  readonly keepalive?: Partial<KeepaliveOptions> | null | undefined;
  /** Whether, and how, to come back after the daemon was lost. */
  readonly reconnect?: boolean | Partial<ReconnectOptions> | undefined;
}

const OPEN_TIMEOUT_MS = 30_000;

/**
 * Opens a connection. Without a URI it is LIBVIRT_DEFAULT_URI, else `qemu:///system` for root and
 * `qemu:///session` for everybody else, whose daemon is started when it does not run.
 *
 * @throws TransportError when the daemon cannot be reached, AuthenticationError when it does not
 * let us in, LibvirtError when it refuses the URI, TimeoutError, or the signal's reason.
 */
export async function connect(
  uri: string = defaultURI(),
  options: ConnectOptions = {},
): Promise<Connection> {
  const parsed = parseURI(uri);
  const { readonly = false, socket, keepalive = {}, reconnect = false } = options;
  const rpc = await RpcConnection.open(
    {
      dial: options.dial ?? dialerFor(parsed, { readonly, socket }),
      name: parsed.name,
      readonly,
      keepalive: keepalive === null ? null : { ...DEFAULT_KEEPALIVE, ...keepalive },
      openTimeoutMs: options.timeoutMs ?? OPEN_TIMEOUT_MS,
      // The test driver's state lives in the connection that opened it.
      single: parsed.driver === 'test',
      reconnect: reconnectOptions(reconnect),
    },
    options.signal,
  );
  return new Connection(rpc, uri);
}

function reconnectOptions(given: boolean | Partial<ReconnectOptions>): ReconnectOptions | null {
  if (given === false) return null;
  return { ...DEFAULT_RECONNECT, ...(given === true ? {} : given) };
}
