import { Buffer } from 'node:buffer';
import type { Context, Part } from './context.ts';
import { isCode } from './errors.ts';

const TIMEOUT_MS = 15_000;
/** An uncompressed 8K screen is 133 MB; more is no screen. */
const MAX_BYTES = 160 * 1024 ** 2;
/** Not running, without a screen, or on a driver that cannot do it. */
const NOTHING_TO_SEE = ['domain_inactive', 'unsupported', 'device_missing'] as const;

export function screenshots({ run }: Context): Part<'screenshot'> {
  return {
    async screenshot(uuid, options) {
      try {
        return await run(
          'take a picture of the screen',
          async (connection, call) => {
            const domain = await connection.domainLookupByUUID(uuid, call);
            const { mime, stream } = await domain.screenshot(0, 0, call);
            const data = await collect(stream);
            return data.length === 0 ? null : { mime, data };
          },
          { ...options, timeoutMs: TIMEOUT_MS },
        );
      } catch (error) {
        if (NOTHING_TO_SEE.some((code) => isCode(error, code))) return null;
        throw error;
      }
    },
  };
}

async function collect(stream: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of stream) {
    bytes += chunk.length;
    if (bytes > MAX_BYTES) return new Uint8Array();
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
