import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

setFlagsFromString('--expose-gc');
const gc: unknown = runInNewContext('gc');

/** Frees what can be freed. Promises and finalizers need a turn of the loop in between. */
export async function collectGarbage(): Promise<void> {
  for (let round = 0; round < 4; round++) {
    if (typeof gc === 'function') gc();
    await new Promise((resolve) => setImmediate(resolve));
  }
}

/** Bytes that JavaScript holds, buffers included. */
export function heldBytes(): number {
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

export async function heldAfterCollection(): Promise<number> {
  await collectGarbage();
  return heldBytes();
}

export const MEBIBYTE = 1 << 20;
export const inMebibytes = (bytes: number): string => `${(bytes / MEBIBYTE).toFixed(1)} MiB`;
