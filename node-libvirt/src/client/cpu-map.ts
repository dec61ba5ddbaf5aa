/** CPU maps on the wire: bit n of byte n/8, lowest bit first. */
export function encodeCPUMap(cpus: Iterable<number>): Uint8Array {
  const numbers = [...cpus];
  const map = new Uint8Array(Math.floor(Math.max(0, ...numbers) / 8) + 1);
  for (const cpu of numbers) {
    const at = cpu >> 3;
    map[at] = (map[at] ?? 0) | (1 << (cpu & 7));
  }
  return map;
}

/** The numbers of the CPUs whose bit is set. */
export function decodeCPUMap(map: Uint8Array): number[] {
  const cpus: number[] = [];
  for (let cpu = 0; cpu < map.length * 8; cpu++) {
    if (((map[cpu >> 3] ?? 0) >> (cpu & 7)) & 1) cpus.push(cpu);
  }
  return cpus;
}

/** Several maps of `bytes` bytes each, one after the other, as lists of CPU numbers. */
export function splitCPUMaps(maps: Uint8Array, bytes: number): number[][] {
  const count = Math.floor(maps.length / bytes);
  return Array.from({ length: count }, (_, at) =>
    decodeCPUMap(maps.subarray(at * bytes, (at + 1) * bytes)),
  );
}
