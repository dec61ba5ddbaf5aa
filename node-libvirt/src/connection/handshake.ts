import { LibvirtError } from '../wire/libvirt-error.ts';
import { host } from '../wire/procedures/host.ts';
import type { CallOptions } from './call-options.ts';
import { AuthenticationError } from './errors.ts';
import type { RpcChannel } from './rpc-channel.ts';

const AuthType = { NONE: 0, SASL: 1, POLKIT: 2 } as const;
/** VIR_DRV_FEATURE_PROGRAM_KEEPALIVE: asking for it makes the daemon send pings. */
const FEATURE_KEEPALIVE = 10;
const CONNECT_READONLY = 1;

interface HandshakeOptions {
  /** The URI as the daemon should see it. */
  readonly name: string;
  readonly readonly: boolean;
  /** Whether the daemon may ping us: not where reading can pause for long. */
  readonly serverPings: boolean;
}

const POLKIT_ADVICE =
  'add yourself to the group libvirt (sudo usermod -aG libvirt "$USER") and log in again, ' +
  'start a polkit authentication agent, or use qemu:///session';

async function authenticateByPolkit(channel: RpcChannel, options: CallOptions): Promise<void> {
  try {
    await channel.call(host.AUTH_POLKIT, undefined, options);
  } catch (cause) {
    if (!(cause instanceof LibvirtError)) throw cause;
    const text = `the libvirt daemon does not let you in (${cause.message}): ${POLKIT_ADVICE}`;
    throw new AuthenticationError(text, { cause });
  }
}

async function authenticate(channel: RpcChannel, options: CallOptions): Promise<void> {
  const { types } = await channel.call(host.AUTH_LIST, undefined, options);
  if (types.includes(AuthType.NONE) || types.length === 0) return;
  if (types.includes(AuthType.POLKIT)) return authenticateByPolkit(channel, options);
  throw new AuthenticationError(
    'the libvirt daemon asks for SASL authentication, which this client does not have: ' +
      'set auth_unix_rw to "polkit" or "none" in libvirtd.conf',
  );
}

/** Makes a fresh channel usable. The steps must not overlap: the daemon would mix them up. */
export async function handshake(
  channel: RpcChannel,
  { name, readonly, serverPings }: HandshakeOptions,
  options: CallOptions,
): Promise<void> {
  await authenticate(channel, options);
  await channel.call(host.CONNECT_OPEN, { name, flags: readonly ? CONNECT_READONLY : 0 }, options);
  if (!serverPings) return;
  await channel.call(host.CONNECT_SUPPORTS_FEATURE, { feature: FEATURE_KEEPALIVE }, options);
}
