import type { Buffer } from 'node:buffer';
import { type Codec, XdrError, XdrReader, XdrWriter } from '../xdr/index.ts';
import { HEADER_BYTES, PacketStatus, PacketType, writeHeader } from './packet.ts';
import { ProtocolError } from './protocol-error.ts';

/**
 * How a call shares the daemon's attention. It takes five messages of a client at a time, so:
 * - `quick`: lookups, listings, descriptions: sent at once;
 * - `heavy`: starts, stops, definitions: a few at a time, the rest wait their turn;
 * - `slow`: may take minutes (agent, save, wipe, clone): a connection of their own.
 */
export type Lane = 'quick' | 'heavy' | 'slow';

/** Which way the bytes of a call's stream go. */
type StreamDirection = 'read' | 'write' | 'both';

export interface Procedure<A, R> {
  readonly program: number;
  readonly number: number;
  /** libvirt's own name without the prefix, such as `DOMAIN_GET_XML_DESC`. */
  readonly name: string;
  readonly args: Codec<A>;
  readonly result: Codec<R>;
  readonly lane: Lane;
  readonly stream: StreamDirection | null;
}

export type AnyProcedure = Omit<Procedure<unknown, unknown>, 'args' | 'result'>;

type Draft<A, R> = Omit<Procedure<A, R>, 'program' | 'name'>;
interface DraftOptions {
  readonly lane?: Lane;
  readonly stream?: StreamDirection;
}

/** One line of the procedure table. Without a lane it is `quick`. */
export function proc<A, R>(
  number: number,
  args: Codec<A>,
  result: Codec<R>,
  { lane = 'quick', stream }: DraftOptions = {},
): Draft<A, R> {
  return { number, args, result, lane, stream: stream ?? null };
}

type Named<T> = {
  readonly [K in keyof T]: T[K] extends Draft<infer A, infer R> ? Procedure<A, R> : never;
};

/** Gives every line of a table its program, and its key as its name. */
export function procedures<T extends Readonly<Record<string, Draft<unknown, unknown>>>>(
  program: number,
  drafts: T,
): Named<T> {
  const named = Object.entries(drafts).map(([name, draft]) => [name, { ...draft, program, name }]);
  return Object.fromEntries(named) as Named<T>;
}

/** A whole call packet. */
export function encodeCall<A, R>(procedure: Procedure<A, R>, serial: number, args: A): Buffer {
  return encodePayload(procedure, PacketType.CALL, PacketStatus.OK, serial, procedure.args, args);
}

/** A whole packet of any type around one XDR value. */
export function encodePayload<T>(
  procedure: { readonly program: number; readonly number: number },
  type: number,
  status: number,
  serial: number,
  codec: Codec<T>,
  value: T,
): Buffer {
  const writer = new XdrWriter(256, HEADER_BYTES);
  codec.encode(writer, value);
  const packet = writer.bytes();
  const header = { program: procedure.program, procedure: procedure.number, type, serial, status };
  writeHeader(packet, header, packet.length - HEADER_BYTES);
  return packet;
}

/** Bytes after the value are ignored: a newer daemon may have added fields. */
export function decodePayload<T>(codec: Codec<T>, payload: Buffer, what: string): T {
  try {
    return codec.decode(new XdrReader(payload));
  } catch (error) {
    if (!(error instanceof XdrError)) throw error;
    throw new ProtocolError('bad-payload', `cannot read the ${what}: ${error.message}`, {
      cause: error,
    });
  }
}
