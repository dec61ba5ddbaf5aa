import { i64n, struct, u32 } from '../xdr/index.ts';

/** The payload of a STREAM_HOLE packet. */
export const streamHole = struct({ length: i64n, flags: u32 });
