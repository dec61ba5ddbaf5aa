import { Buffer } from 'node:buffer';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { remoteError } from '../../src/wire/handles.ts';
import {
  HEADER_BYTES,
  MAX_PACKET_BYTES,
  type Packet,
  PacketType,
  Program,
  writeHeader,
} from '../../src/wire/packet.ts';
import { PacketParser } from '../../src/wire/packet-parser.ts';
import { decodePayload, type Procedure } from '../../src/wire/procedure.ts';
import { ProtocolError } from '../../src/wire/protocol-error.ts';
import { streamHole } from '../../src/wire/stream-hole.ts';
import { type Codec, XdrError } from '../../src/xdr/index.ts';
import { heldAfterCollection, heldBytes, inMebibytes, MEBIBYTE } from '../support/memory.ts';
import { randomSource } from '../support/random.ts';
import {
  allEvents,
  allProcedures,
  encoded,
  mutate,
  pieces,
  plausibleBytes,
  plausibleValue,
} from './corpus.ts';

/** `FUZZ_SEED` repeats a run, `FUZZ_PACKETS` makes it longer or shorter. */
const SEED = Number(process.env['FUZZ_SEED'] ?? Date.now() % 1_000_000);
const PACKETS = Number(process.env['FUZZ_PACKETS'] ?? 1_000_000);
/** What reading a million packets may hold at its worst, and keep at its end. */
const PEAK_CAP = 256 * MEBIBYTE;
const KEPT_CAP = 16 * MEBIBYTE;

interface Sample {
  readonly codec: Codec<unknown>;
  readonly header: Pick<Packet, 'program' | 'procedure' | 'type' | 'status'>;
  readonly payload: Buffer;
}

const random = randomSource(SEED);

function sample(codec: Codec<unknown>, header: Sample['header']): Sample[] {
  const found = plausibleValue(codec, random);
  return found === undefined ? [] : [{ codec, header, payload: encoded(codec, found.value) }];
}

function samplesOf(procedure: Procedure<unknown, unknown>): Sample[] {
  const where = { program: procedure.program, procedure: procedure.number };
  const { CALL, REPLY, STREAM_HOLE } = PacketType;
  return [
    ...sample(procedure.args, { ...where, type: CALL, status: 0 }),
    ...sample(procedure.result, { ...where, type: REPLY, status: 0 }),
    ...sample(remoteError, { ...where, type: REPLY, status: 1 }),
    ...(procedure.stream === null
      ? []
      : sample(streamHole, { ...where, type: STREAM_HOLE, status: 2 })),
  ];
}

function packetOf({ header }: Sample, payload: Buffer): Buffer {
  const packet = Buffer.alloc(HEADER_BYTES + payload.length);
  writeHeader(packet, { ...header, serial: random(100) }, payload.length);
  packet.set(payload, HEADER_BYTES);
  return packet;
}

const textOf = (value: unknown): string =>
  JSON.stringify(value, (_key, part: unknown) => (typeof part === 'bigint' ? `${part}n` : part));

/** What can be read can be written, and reads the same again, unless writing is refused. */
function readAgain(codec: Codec<unknown>, value: unknown): void {
  let bytes: Buffer;
  try {
    bytes = encoded(codec, value);
  } catch (error) {
    if (error instanceof XdrError) return;
    throw error;
  }
  expect(textOf(decodePayload(codec, bytes, 'copy'))).toBe(textOf(value));
}

describe(`the wire layer (FUZZ_SEED=${SEED})`, () => {
  const samples: Sample[] = [];
  let procedures = 0;

  beforeAll(async () => {
    const all = await allProcedures();
    procedures = all.length;
    for (let round = 0; round < 3; round++) samples.push(...all.flatMap(samplesOf));
    for (const { message, payload } of allEvents) {
      const header = { program: Program.REMOTE, procedure: message, type: 2, status: 0 };
      samples.push(...sample(payload, header));
    }
  });
  afterAll(() => {
    samples.length = 0;
  });

  it('has a sample of nearly every type there is', () => {
    const covered = new Set(samples.map(({ codec }) => codec));
    const wanted = procedures * 2 + allEvents.length;
    console.log(`fuzz: ${samples.length} samples of ${covered.size} types, seed ${SEED}`);
    expect(procedures).toBeGreaterThan(190);
    expect(covered.size).toBeGreaterThan(wanted / 4);
  });

  it(`reads ${PACKETS} mutated and random packets, or refuses them with ProtocolError`, async () => {
    const counts = { read: 0, refused: 0, broken: 0 };
    const before = await heldAfterCollection();
    let peak = 0;
    let codec: Codec<unknown> = remoteError;
    const onPacket = (packet: Packet): void => {
      const check = random(64) === 0;
      try {
        const value = decodePayload(codec, packet.payload, 'packet');
        counts.read++;
        if (check) readAgain(codec, value);
      } catch (error) {
        if (!(error instanceof ProtocolError)) throw error;
        expect(error).toMatchObject({ code: 'LIBVIRT_PROTOCOL', reason: 'bad-payload' });
        counts.refused++;
      }
    };
    let parser = new PacketParser(onPacket);
    let pushed = 0;
    for (let index = 0; index < PACKETS; index++) {
      const chosen = samples[random(samples.length)]!;
      codec = chosen.codec;
      const kind = random(16);
      const payload =
        kind < 12 ? mutate(random, chosen.payload) : plausibleBytes(random, 4 * random(64));
      let bytes = packetOf(chosen, payload);
      if (kind === 13) bytes = mutate(random, bytes);
      if (kind === 14) bytes = plausibleBytes(random, 4 * random(32));
      try {
        for (const piece of pieces(random, bytes)) {
          pushed += piece.length;
          parser.push(piece);
          if (parser.bufferedBytes > pushed) throw new Error('more is held than was received');
        }
      } catch (error) {
        if (!(error instanceof ProtocolError)) throw error;
        counts.broken++;
        pushed = 0;
        parser = new PacketParser(onPacket);
      }
      // A length that is plausible makes the parser wait for megabytes: start again some time.
      if (parser.bufferedBytes > MEBIBYTE || random(kind > 12 ? 2 : 200) === 0) {
        pushed = 0;
        parser = new PacketParser(onPacket);
      }
      if (index % 4096 === 0) peak = Math.max(peak, heldBytes() - before);
    }
    const kept = (await heldAfterCollection()) - before;
    console.log(
      `fuzz: ${PACKETS} packets, seed ${SEED}: ${JSON.stringify(counts)}, at most ${inMebibytes(peak)}, kept ${inMebibytes(kept)}`,
    );
    expect(counts.read).toBeGreaterThan(PACKETS / 5);
    expect(counts.refused).toBeGreaterThan(PACKETS / 10);
    expect(counts.broken).toBeGreaterThan(PACKETS / 100);
    expect(peak).toBeLessThan(PEAK_CAP);
    expect(kept).toBeLessThan(KEPT_CAP);
  });

  it('holds two packets’ worth at most, however finely they are cut', async () => {
    const before = await heldAfterCollection();
    const parser = new PacketParser(() => undefined);
    const header = Buffer.alloc(HEADER_BYTES);
    writeHeader(
      header,
      { program: Program.REMOTE, procedure: 1, type: 1, serial: 1, status: 0 },
      MAX_PACKET_BYTES - HEADER_BYTES,
    );
    parser.push(header);
    // One socket read each, as Node hands them out: with a buffer of its own.
    for (let index = 0; index < 2_000_000; index++) parser.push(Buffer.alloc(3));
    expect(parser.bufferedBytes).toBe(6_000_000 + HEADER_BYTES);
    const held = (await heldAfterCollection()) - before;
    console.log(`fuzz: 5.7 MiB in pieces of three bytes are held in ${inMebibytes(held)}`);
    expect(held).toBeLessThan(4 * parser.bufferedBytes);
  });
});
