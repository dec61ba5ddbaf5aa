import { emptyPacket, type Packet, PacketStatus, PacketType, Program } from './packet.ts';

const PING = 1;
const PONG = 2;

const keepalive = (procedure: number) =>
  emptyPacket({
    program: Program.KEEPALIVE,
    procedure,
    type: PacketType.MESSAGE,
    serial: 0,
    status: PacketStatus.OK,
  });

export const pingPacket = keepalive(PING);
export const pongPacket = keepalive(PONG);

export const isKeepalive = (packet: Packet): boolean => packet.program === Program.KEEPALIVE;
export const isPing = (packet: Packet): boolean =>
  packet.type === PacketType.MESSAGE && packet.procedure === PING;
