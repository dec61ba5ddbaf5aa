import { DomainChannelFlags, type RpcStream } from 'node-libvirt';
import type { Context, Part } from './context.ts';
import { translate } from './errors.ts';

export function channels({ run }: Context): Part<'openChannel'> {
  return {
    async openChannel(uuid, name, options = {}) {
      const stream = await run(
        `open the channel “${name}”`,
        async (connection, call) => {
          const domain = await connection.domainLookupByUUID(uuid, call);
          // Whoever opened it before, a Berth that crashed perhaps, loses it.
          return domain.openChannel(name, DomainChannelFlags.FORCE, call);
        },
        options,
      );
      return read(stream, name, options.signal);
    },
  };
}

/** The caller's signal ends the stream as well: node-libvirt listens to it while it lasts. */
async function* read(
  stream: RpcStream,
  name: string,
  signal: AbortSignal | undefined,
): AsyncGenerator<Uint8Array, void, undefined> {
  try {
    yield* stream;
  } catch (error) {
    if (signal?.aborted) throw signal.reason;
    throw translate(`read the channel “${name}”`, error);
  }
  signal?.throwIfAborted();
}
