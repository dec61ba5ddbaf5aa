import { TransportError } from './transport-error.ts';

/** How the far end of ssh reaches its daemon: libvirt's own helper, `nc`, or whichever is there. */
export type SSHProxy = 'auto' | 'native' | 'netcat';

/** Where ssh goes, and how. */
export interface SSHTarget {
  readonly host: string;
  readonly user: string | null;
  readonly port: number | null;
  /** The program that is run instead of `ssh`. */
  readonly command: string;
  /** A private key. */
  readonly keyfile: string | null;
  /** A file of known hosts instead of the user's own. */
  readonly knownHosts: string | null;
  /** Whether the host's key is checked. */
  readonly verify: boolean;
  /** Whether ssh may ask for passwords. */
  readonly tty: boolean;
  readonly proxy: SSHProxy;
  /** The far end's netcat; null for `nc`. */
  readonly netcat: string | null;
}

const PROXIES: ReadonlySet<string> = new Set(['auto', 'native', 'netcat']);
/** A name, an IPv4 address, or an IPv6 address in brackets. */
const AUTHORITY = /^(?:([^@]+)@)?(\[[0-9a-f:.%]+\]|[^@:[\]]+)(?::(\d{1,5}))?$/i;

/** @throws TransportError `uri-invalid`. */
export function parseTarget(
  uri: string,
  authority: string,
  parameters: URLSearchParams,
): SSHTarget {
  const match = AUTHORITY.exec(authority);
  const host = match?.[2]?.replace(/^\[|\]$/g, '');
  if (host === undefined) throw invalid(`'${uri}' names no computer: write +ssh://user@host/`);
  const port = match?.[3] === undefined ? null : Number(match[3]);
  if (port !== null && (port < 1 || port > 65_535)) throw invalid(`'${uri}' has a wrong port`);
  const proxy = parameters.get('proxy') ?? 'auto';
  if (!isProxy(proxy)) throw invalid(`proxy= in '${uri}' is not auto, netcat or native`);
  const netcat = parameters.get('netcat');
  if (netcat !== null && proxy === 'native') {
    throw invalid(`netcat= in '${uri}' makes no sense with proxy=native`);
  }
  return {
    host,
    user: match?.[1] === undefined ? null : decode(uri, match[1]),
    port,
    command: parameters.get('command') ?? 'ssh',
    keyfile: parameters.get('keyfile'),
    knownHosts: parameters.get('known_hosts'),
    verify: !flag(parameters, 'no_verify'),
    tty: !flag(parameters, 'no_tty'),
    proxy: netcat !== null ? 'netcat' : proxy,
    netcat,
  };
}

function flag(parameters: URLSearchParams, key: string): boolean {
  const value = parameters.get(key);
  return value !== null && value !== '0';
}

function isProxy(proxy: string): proxy is SSHProxy {
  return PROXIES.has(proxy);
}

function decode(uri: string, text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw invalid(`the user in '${uri}' is not encoded as a URI needs it`);
  }
}

function invalid(message: string): TransportError {
  return new TransportError('uri-invalid', message);
}
