import { availableParallelism, loadavg } from 'node:os';

/** A limit that the product promises on a computer with nothing else to do: a busy one takes longer and proves nothing. */
export function unlessBusy(limitMs: number): number {
  const [load = 0] = loadavg();
  return load < availableParallelism() ? limitMs : 20 * limitMs;
}
