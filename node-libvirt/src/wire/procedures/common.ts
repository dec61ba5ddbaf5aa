import { bool, str, struct, u32 } from '../../xdr/index.ts';
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
export const HEAVY = { lane: 'heavy' } as const;
export const SLOW = { lane: 'slow' } as const;
