import { Buffer } from 'node:buffer';
import { ProtocolError } from './protocol-error.ts';

/**
 * Packets of libvirt's RPC (libvirt's `docs/kbase/internals/rpc.rst`, numbers as the daemon sends
 * them): a 32-bit length that counts itself, six 32-bit header words, then the payload. All
 * big-endian. Calls, replies and messages carry XDR; stream packets carry raw bytes, unpadded.
 */
export const HEADER_BYTES = 28;
/** The largest packet either side accepts. */
export const MAX_PACKET_BYTES = 33_554_432 + 4;
const PROTOCOL_VERSION = 1;

export const Program = {
  REMOTE: 0x2000_8086,
  QEMU: 0x2000_8087,
  KEEPALIVE: 0x6b65_6570,
} as const;

export const PacketType = {
  CALL: 0,
  REPLY: 1,
  /** An event or a keepalive packet: nobody answers it by serial. */
  MESSAGE: 2,
  STREAM: 3,
  CALL_WITH_FDS: 4,
  REPLY_WITH_FDS: 5,
  STREAM_HOLE: 6,
} as const;

export const PacketStatus = { OK: 0, ERROR: 1, CONTINUE: 2 } as const;

interface PacketHeader {
  readonly program: number;
  readonly procedure: number;
  readonly type: number;
  readonly serial: number;
  readonly status: number;
}

export interface Packet extends PacketHeader {
  /** A view into the bytes received: copy what outlives the handler. */
  readonly payload: Buffer;
}

/** Fills in the first 28 bytes of `packet`, whose payload of `payloadBytes` may follow elsewhere. */
export function writeHeader(packet: Buffer, header: PacketHeader, payloadBytes: number): void {
  const length = HEADER_BYTES + payloadBytes;
  if (length > MAX_PACKET_BYTES) {
    throw new ProtocolError('packet-too-large', `a packet of ${length} bytes is over 32 MiB`);
  }
  packet.writeUInt32BE(length, 0);
  packet.writeUInt32BE(header.program, 4);
  packet.writeUInt32BE(PROTOCOL_VERSION, 8);
  packet.writeInt32BE(header.procedure, 12);
  packet.writeInt32BE(header.type, 16);
  packet.writeUInt32BE(header.serial, 20);
  packet.writeInt32BE(header.status, 24);
}

export function emptyPacket(header: PacketHeader): Buffer {
  const packet = Buffer.allocUnsafe(HEADER_BYTES);
  writeHeader(packet, header, 0);
  return packet;
}

/** Throws ProtocolError unless `length` can be the length of a packet. */
export function checkPacketLength(length: number): void {
  if (length < HEADER_BYTES || length > MAX_PACKET_BYTES) {
    throw new ProtocolError(
      'bad-length',
      `the peer announced a packet of ${length} bytes (${HEADER_BYTES} to ${MAX_PACKET_BYTES} are valid)`,
    );
  }
}

/** Takes one whole packet apart. */
export function readPacket(bytes: Buffer): Packet {
  const version = bytes.readUInt32BE(8);
  const type = bytes.readInt32BE(16);
  const status = bytes.readInt32BE(24);
  if (version !== PROTOCOL_VERSION) {
    throw new ProtocolError('bad-version', `the peer speaks protocol version ${version}, not 1`);
  }
  if (type < PacketType.CALL || type > PacketType.STREAM_HOLE) {
    throw new ProtocolError('bad-type', `the peer sent a packet of the unknown type ${type}`);
  }
  if (status < PacketStatus.OK || status > PacketStatus.CONTINUE) {
    throw new ProtocolError('bad-status', `the peer sent a packet of the unknown status ${status}`);
  }
  return {
    program: bytes.readUInt32BE(4),
    procedure: bytes.readInt32BE(12),
    type,
    serial: bytes.readUInt32BE(20),
    status,
    payload: bytes.subarray(HEADER_BYTES),
  };
}
