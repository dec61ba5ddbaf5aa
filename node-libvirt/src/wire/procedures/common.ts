import {
  bool,
  i32,
  list,
  opaque,
  str,
  struct,
  typedParameter,
  typedValues,
  u32,
} from '../../xdr/index.ts';
import { domainHandle } from '../handles.ts';

/** Shapes that many procedures share. */
export const dom = struct({ dom: domainHandle });
export const domFlags = struct({ dom: domainHandle, flags: u32 });
export const xmlFlags = struct({ xml: str, flags: u32 });
export const xmlOnly = struct({ xml: str });
export const nameOnly = struct({ name: str });
export const flagsOnly = struct({ flags: u32 });
/** `needResults` false asks only for the count. */
export const listArgs = struct({ needResults: bool, flags: u32 });
/** The most CPU maps, all together, that a message holds; and one of them. */
export const cpuMaps = opaque(8_388_608);
export const cpuMap = opaque(2048);
/** Typed parameters to set, and the answer of calls that get them. */
export const params = (limit: number) => list(typedParameter, limit);
export const values = (limit: number) => struct({ params: typedValues(limit) });
export const countedValues = (limit: number) =>
  struct({ params: typedValues(limit), nparams: i32 });
export const HEAVY = { lane: 'heavy' } as const;
export const SLOW = { lane: 'slow' } as const;
