import { Buffer } from 'node:buffer';
import { describe, expect, it } from 'vitest';
import { remoteError } from '../../src/wire/handles.ts';
import { LibvirtError } from '../../src/wire/libvirt-error.ts';
import {
  HEADER_BYTES,
  MAX_PACKET_BYTES,
  type Packet,
  PacketStatus,
  PacketType,
  Program,
  writeHeader,
} from '../../src/wire/packet.ts';
import { PacketParser } from '../../src/wire/packet-parser.ts';
import { decodePayload, encodeCall } from '../../src/wire/procedure.ts';
import { domain } from '../../src/wire/procedures/domain.ts';
import { domainGuest } from '../../src/wire/procedures/domain-guest.ts';
import { host } from '../../src/wire/procedures/host.ts';
import { storage } from '../../src/wire/procedures/storage.ts';
import { ProtocolError } from '../../src/wire/protocol-error.ts';
import { XdrReader, XdrWriter } from '../../src/xdr/index.ts';
import { randomSource } from '../support/random.ts';

const call = encodeCall(host.CONNECT_OPEN, 7, { name: 'qemu:///system', flags: 0 });

function parse(...chunks: Buffer[]): Packet[] {
  const packets: Packet[] = [];
  const parser = new PacketParser((packet) => packets.push(packet));
  for (const chunk of chunks) parser.push(chunk);
  return packets;
}

function packetOf(payload: Buffer, header: Partial<Packet> = {}): Buffer {
  const packet = Buffer.alloc(HEADER_BYTES + payload.length);
  const defaults = {
    program: Program.REMOTE,
    procedure: 1,
    type: PacketType.REPLY,
    serial: 1,
    status: PacketStatus.OK,
  };
  writeHeader(packet, { ...defaults, ...header }, payload.length);
  payload.copy(packet, HEADER_BYTES);
  return packet;
}

describe('a call', () => {
  it('is laid out as the daemon expects', () => {
    expect(call.toString('hex')).toBe(
      [
        '00000038', // 56 bytes in all
        '20008086', // REMOTE
        '00000001', // version
        '00000001', // CONNECT_OPEN
        '00000000', // call
        '00000007', // serial
        '00000000', // ok
        '00000001', // name is there
        '0000000e', // and 14 bytes long
        '71656d753a2f2f2f73797374656d0000',
        '00000000', // flags
      ].join(''),
    );
  });

  it('over 32 MiB is refused before it is sent', () => {
    const packet = Buffer.alloc(HEADER_BYTES);
    const header = { program: 1, procedure: 1, type: 0, serial: 1, status: 0 };
    expect(() => writeHeader(packet, header, MAX_PACKET_BYTES)).toThrow(ProtocolError);
  });
});

describe('PacketParser', () => {
  const packets = [call, packetOf(Buffer.from('abcde')), packetOf(Buffer.alloc(0)), call];
  const stream = Buffer.concat(packets);
  const summary = (list: Packet[]) =>
    list.map(({ serial, payload }) => [serial, payload.toString('hex')]);
  const expected = summary(packets.flatMap((packet) => parse(packet)));

  it('reads packets that come together', () => {
    expect(summary(parse(stream))).toEqual(expected);
  });

  it('reads packets that come byte by byte', () => {
    const bytes = Array.from(stream, (byte) => Buffer.of(byte));
    expect(summary(parse(...bytes))).toEqual(expected);
  });

  it('reads packets however they are cut', () => {
    const random = randomSource(1);
    for (let round = 0; round < 200; round++) {
      const chunks: Buffer[] = [];
      for (let at = 0; at < stream.length; ) {
        const end = Math.min(stream.length, at + 1 + random(40));
        chunks.push(stream.subarray(at, end));
        at = end;
      }
      expect(summary(parse(...chunks))).toEqual(expected);
    }
  });

  it('hands on stream data as it comes, whole packets otherwise', () => {
    const data = Buffer.from(Array.from({ length: 300 }, (_, index) => index % 251));
    const piece = { type: PacketType.STREAM, status: PacketStatus.CONTINUE, serial: 3 };
    const end = packetOf(Buffer.alloc(0), piece);
    const all = Buffer.concat([call, packetOf(data, piece), packetOf(data, piece), end, call]);
    const random = randomSource(2);
    for (let round = 0; round < 200; round++) {
      const got: Packet[] = [];
      const parser = new PacketParser((packet) => got.push(packet), { streamsInPieces: true });
      for (let at = 0; at < all.length; ) {
        const next = Math.min(all.length, at + 1 + random(round === 0 ? 1 : 90));
        parser.push(all.subarray(at, next));
        at = next;
      }
      const pieces = got.filter(({ type }) => type === PacketType.STREAM);
      expect(got[0]).toEqual(parse(call)[0]);
      expect(got.at(-1)).toEqual(parse(call)[0]);
      expect(pieces).toHaveLength(got.length - 2);
      expect(pieces.every(({ serial }) => serial === 3)).toBe(true);
      // Only the end of the stream is empty, and it comes last.
      expect(pieces.findIndex(({ payload }) => payload.length === 0)).toBe(pieces.length - 1);
      const payloads = pieces.map(({ payload }) => payload);
      expect(Buffer.concat(payloads)).toEqual(Buffer.concat([data, data]));
      expect(parser.bufferedBytes).toBe(0);
    }
  });

  it('hands over what came before a malformed packet', () => {
    const seen: Packet[] = [];
    const parser = new PacketParser((packet) => seen.push(packet));
    expect(() => parser.push(Buffer.concat([call, Buffer.alloc(4)]))).toThrow(ProtocolError);
    expect(seen).toHaveLength(1);
  });

  it.each([0, 1, 27, MAX_PACKET_BYTES + 1, 0xffff_ffff])('refuses the length %i', (length) => {
    const lie = Buffer.alloc(4);
    lie.writeUInt32BE(length);
    expect(() => parse(lie)).toThrow(expect.objectContaining({ reason: 'bad-length' }));
  });

  it.each([
    ['version', 8, 2, 'bad-version'],
    ['type', 16, 9, 'bad-type'],
    ['status', 24, 3, 'bad-status'],
  ])('refuses an unknown %s', (_what, at, value, reason) => {
    const packet = Buffer.from(call);
    packet.writeUInt32BE(value, at);
    expect(() => parse(packet)).toThrow(expect.objectContaining({ reason }));
  });

  it('holds no more than what has come, whatever a length claims', () => {
    const parser = new PacketParser(() => undefined);
    const lie = Buffer.alloc(1000);
    lie.writeUInt32BE(MAX_PACKET_BYTES);
    const before = process.memoryUsage().arrayBuffers;
    parser.push(lie);
    for (let index = 0; index < 10; index++) parser.push(Buffer.alloc(1000));
    expect(parser.bufferedBytes).toBe(11_000);
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(1_000_000);
  });

  it('answers random bytes and mutated packets with packets or ProtocolError only', () => {
    const random = randomSource(2);
    for (let round = 0; round < 5_000; round++) {
      const bytes = Buffer.from(stream);
      for (let flips = random(8); flips >= 0; flips--) bytes[random(bytes.length)] = random(256);
      try {
        parse(bytes.subarray(0, random(bytes.length + 1)));
      } catch (error) {
        expect(error).toBeInstanceOf(ProtocolError);
      }
    }
  });
});

describe('payloads', () => {
  const handle = { name: 'vm', uuid: '00112233-4455-6677-8899-aabbccddeeff', id: 3 };
  const samples = [
    sample(domain.CONNECT_LIST_ALL_DOMAINS.result, { domains: [handle, handle], ret: 2 }),
    sample(domain.DOMAIN_GET_STATE.result, { state: 1, reason: 5 }),
    sample(domainGuest.CONNECT_GET_ALL_DOMAIN_STATS.result, {
      records: [{ dom: handle, params: { 'state.state': 1, 'cpu.time': 123456789 } }],
    }),
    sample(storage.STORAGE_VOL_CREATE_XML.args, {
      pool: { name: 'p', uuid: handle.uuid },
      xml: '<volume/>',
      flags: 1,
    }),
    sample(host.NODE_GET_INFO.result, {
      model: 'x86_64',
      memory: 24_000_000,
      cpus: 2,
      mhz: 2000,
      nodes: 1,
      sockets: 1,
      cores: 2,
      threads: 1,
    }),
  ];

  function sample<T>(codec: Parameters<typeof decodePayload<T>>[0], value: T) {
    const writer = new XdrWriter();
    codec.encode(writer, value);
    return { codec, value, bytes: Buffer.from(writer.bytes()) };
  }

  it('come back as they were', () => {
    for (const { codec, value, bytes } of samples) {
      expect(decodePayload<unknown>(codec as never, bytes, 'sample')).toEqual(value);
    }
  });

  it('may have more behind them: a newer daemon may know more fields', () => {
    for (const { codec, value, bytes } of samples) {
      const longer = Buffer.concat([bytes, Buffer.from('more of it')]);
      expect(decodePayload<unknown>(codec as never, longer, 'sample')).toEqual(value);
    }
  });

  it('that are cut or mutated give a value or ProtocolError, and nothing else', () => {
    const random = randomSource(3);
    let refused = 0;
    for (let round = 0; round < 10_000; round++) {
      const { codec, bytes } = samples[random(samples.length)]!;
      const mutated = Buffer.from(bytes.subarray(0, random(bytes.length + 1)));
      for (let flips = random(4); flips > 0 && mutated.length > 0; flips--) {
        mutated[random(mutated.length)] = random(256);
      }
      try {
        decodePayload<unknown>(codec as never, mutated, 'sample');
      } catch (error) {
        expect(error).toBeInstanceOf(ProtocolError);
        expect(error).toMatchObject({ reason: 'bad-payload' });
        refused++;
      }
    }
    expect(refused).toBeGreaterThan(1_000);
  });
});

describe('LibvirtError', () => {
  const error = (code: number, message: string | null = 'text') => {
    const blank = {
      domain: 10,
      level: 2,
      dom: null,
      str1: null,
      str2: null,
      str3: null,
      net: null,
    };
    return new LibvirtError({ ...blank, code, message, int1: 0, int2: 0 }, 'DOMAIN_LOOKUP_BY_NAME');
  };

  it.each([
    [42, 'isNoDomain'],
    [43, 'isNoNetwork'],
    [49, 'isNoStoragePool'],
    [50, 'isNoStorageVol'],
    [53, 'isNoNodeDevice'],
    [55, 'isOperationInvalid'],
    [62, 'isNoNWFilter'],
    [66, 'isNoSecret'],
    [72, 'isNoDomainSnapshot'],
    [80, 'isNoDomainMetadata'],
    [86, 'isAgentUnresponsive'],
    [88, 'isAccessDenied'],
    [90, 'isStorageVolExist'],
    [92, 'isXMLInvalid'],
    [3, 'isNotSupported'],
  ] as const)('code %i is %s, and code 1 is not', (code, predicate) => {
    expect(error(code)[predicate]).toBe(true);
    expect(error(1)[predicate]).toBe(false);
  });

  it('tells a call that the daemon does not know from other RPC errors', () => {
    expect(error(39, 'unknown procedure: 453').isUnknownProcedure).toBe(true);
    expect(error(39, 'authentication required').isUnknownProcedure).toBe(false);
  });

  it('has a text even when the daemon sent none', () => {
    expect(error(38, null).message).toBe('libvirt error 38');
  });

  it('reads what the daemon sends', () => {
    const writer = new XdrWriter();
    const sent = {
      code: 42,
      domain: 10,
      message: 'Domain not found',
      level: 2,
      dom: null,
      str1: 'a',
      str2: 'b',
      str3: null,
      int1: -1,
      int2: -1,
      net: null,
    };
    remoteError.encode(writer, sent);
    expect(remoteError.decode(new XdrReader(writer.bytes()))).toEqual(sent);
  });
});
