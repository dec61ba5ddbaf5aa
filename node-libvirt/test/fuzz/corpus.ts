import { Buffer } from 'node:buffer';
import { readdirSync } from 'node:fs';
import type { EventDefinition } from '../../src/wire/events.ts';
import * as events from '../../src/wire/events.ts';
import type { Procedure } from '../../src/wire/procedure.ts';
import { type Codec, XdrError, XdrReader, XdrWriter } from '../../src/xdr/index.ts';

export type Random = (below: number) => number;

function isProcedure(value: unknown): value is Procedure<unknown, unknown> {
  return typeof value === 'object' && value !== null && 'lane' in value && 'program' in value;
}

function isEvent(value: unknown): value is EventDefinition<unknown> {
  return typeof value === 'object' && value !== null && 'eventID' in value;
}

const values = (table: unknown): unknown[] =>
  typeof table === 'object' && table !== null ? Object.values(table) : [];

/** Every line of every table there is, so that a new one is fuzzed from its first day. */
export async function allProcedures(): Promise<Procedure<unknown, unknown>[]> {
  const folder = new URL('../../src/wire/procedures/', import.meta.url);
  const modules = readdirSync(folder).map((name): Promise<unknown> => import(`${folder}${name}`));
  return (await Promise.all(modules)).flatMap(values).flatMap(values).filter(isProcedure);
}

export const allEvents: EventDefinition<unknown>[] = values(events).flatMap(values).filter(isEvent);

/** Words that lie on the edges of something: lengths, limits, signs. */
const EDGES = [
  0, 1, 2, 3, 7, 16, 28, 255, 2048, 16_384, 16_385, 65_536, 4_194_304, 4_194_305, 33_554_432,
  0x7fff_ffff, 0x8000_0000, 0xffff_fffe, 0xffff_ffff,
];

export const edge = (random: Random): number => EDGES[random(EDGES.length)] ?? 0;

/** Bytes that often make sense: mostly small words, as lengths, flags and enumerations are. */
export function plausibleBytes(random: Random, length: number): Buffer {
  const bytes = Buffer.alloc(length);
  for (let at = 0; at + 4 <= length; at += 4) {
    const kind = random(10);
    const word = kind < 7 ? random(4) : kind < 8 ? random(40) : random(0x1_0000_0000);
    bytes.writeUInt32BE(word, at);
  }
  return bytes;
}

/** A value of the codec's type, or undefined when luck did not find one. */
export function plausibleValue<T>(codec: Codec<T>, random: Random): { value: T } | undefined {
  for (let attempt = 0; attempt < 8; attempt++) {
    try {
      const value = codec.decode(new XdrReader(plausibleBytes(random, 2048)));
      codec.encode(new XdrWriter(), value);
      return { value };
    } catch (error) {
      if (!(error instanceof XdrError)) throw error;
    }
  }
  return undefined;
}

export function encoded<T>(codec: Codec<T>, value: T): Buffer {
  const writer = new XdrWriter();
  codec.encode(writer, value);
  return Buffer.from(writer.bytes());
}

/** The same bytes with something wrong, or right by chance. */
export function mutate(random: Random, bytes: Buffer): Buffer {
  const kind = random(6);
  if (bytes.length === 0 || kind === 0) return Buffer.concat([bytes, plausibleBytes(random, 16)]);
  if (kind === 1) return bytes.subarray(0, random(bytes.length));
  const copy = Buffer.from(bytes);
  for (let times = 1 + random(4); times > 0; times--) {
    const at = random(copy.length);
    if (kind < 4) copy[at] = random(256);
    else if (at + 4 <= copy.length) copy.writeUInt32BE(edge(random), at & ~3);
  }
  return copy;
}

/** The bytes cut into pieces, as a socket may deliver them. */
export function* pieces(random: Random, bytes: Buffer): Generator<Buffer> {
  for (let at = 0; at < bytes.length; ) {
    const size = random(4) === 0 ? 1 + random(7) : 1 + random(bytes.length);
    yield bytes.subarray(at, at + size);
    at += size;
  }
}
