import {
  bool,
  i32,
  list,
  nothing,
  nullable,
  str,
  struct,
  u32,
  u64n,
  uuid,
} from '../../xdr/index.ts';
import { storagePoolHandle as P, storageVolHandle as V } from '../handles.ts';
import { Program } from '../packet.ts';
import { proc, procedures } from '../procedure.ts';
import { HEAVY, listArgs, nameOnly, SLOW, xmlFlags } from './common.ts';

const pool = struct({ pool: P });
const poolFlags = struct({ pool: P, flags: u32 });
const vol = struct({ vol: V });
const volFlags = struct({ vol: V, flags: u32 });
const transfer = struct({ vol: V, offset: u64n, length: u64n, flags: u32 });
const volInfo = struct({ type: i32, capacity: u64n, allocation: u64n });

export const storage = procedures(Program.REMOTE, {
  CONNECT_FIND_STORAGE_POOL_SOURCES: proc(
    75,
    struct({ type: str, srcSpec: nullable(str), flags: u32 }),
    struct({ xml: str }),
    SLOW,
  ),
  STORAGE_POOL_CREATE_XML: proc(76, xmlFlags, pool, HEAVY),
  STORAGE_POOL_DEFINE_XML: proc(77, xmlFlags, pool, HEAVY),
  STORAGE_POOL_CREATE: proc(78, poolFlags, nothing, HEAVY),
  STORAGE_POOL_BUILD: proc(79, poolFlags, nothing, HEAVY),
  STORAGE_POOL_DESTROY: proc(80, pool, nothing, HEAVY),
  STORAGE_POOL_DELETE: proc(81, poolFlags, nothing, SLOW),
  STORAGE_POOL_UNDEFINE: proc(82, pool, nothing, HEAVY),
  STORAGE_POOL_REFRESH: proc(83, poolFlags, nothing, SLOW),
  STORAGE_POOL_LOOKUP_BY_NAME: proc(84, nameOnly, pool),
  STORAGE_POOL_LOOKUP_BY_UUID: proc(85, struct({ uuid }), pool),
  STORAGE_POOL_LOOKUP_BY_VOLUME: proc(86, vol, pool),
  STORAGE_POOL_GET_INFO: proc(
    87,
    pool,
    struct({ state: i32, capacity: u64n, allocation: u64n, available: u64n }),
  ),
  STORAGE_POOL_GET_XML_DESC: proc(88, poolFlags, struct({ xml: str })),
  STORAGE_POOL_GET_AUTOSTART: proc(89, pool, struct({ autostart: bool })),
  STORAGE_POOL_SET_AUTOSTART: proc(90, struct({ pool: P, autostart: bool }), nothing, HEAVY),
  STORAGE_VOL_CREATE_XML: proc(93, struct({ pool: P, xml: str, flags: u32 }), vol, HEAVY),
  STORAGE_VOL_DELETE: proc(94, volFlags, nothing, HEAVY),
  STORAGE_VOL_LOOKUP_BY_NAME: proc(95, struct({ pool: P, name: str }), vol),
  STORAGE_VOL_LOOKUP_BY_KEY: proc(96, struct({ key: str }), vol),
  STORAGE_VOL_LOOKUP_BY_PATH: proc(97, struct({ path: str }), vol),
  STORAGE_VOL_GET_INFO: proc(98, vol, volInfo),
  STORAGE_VOL_GET_XML_DESC: proc(99, volFlags, struct({ xml: str })),
  STORAGE_VOL_GET_PATH: proc(100, vol, struct({ path: str })),
  STORAGE_VOL_CREATE_XML_FROM: proc(
    125,
    struct({ pool: P, xml: str, cloneVol: V, flags: u32 }),
    vol,
    SLOW,
  ),
  STORAGE_POOL_IS_ACTIVE: proc(154, pool, struct({ active: bool })),
  STORAGE_POOL_IS_PERSISTENT: proc(155, pool, struct({ persistent: bool })),
  STORAGE_VOL_WIPE: proc(165, volFlags, nothing, SLOW),
  STORAGE_VOL_UPLOAD: proc(208, transfer, nothing, { stream: 'write' }),
  STORAGE_VOL_DOWNLOAD: proc(209, transfer, nothing, { stream: 'read' }),
  STORAGE_VOL_WIPE_PATTERN: proc(
    259,
    struct({ vol: V, algorithm: u32, flags: u32 }),
    nothing,
    SLOW,
  ),
  STORAGE_VOL_RESIZE: proc(260, struct({ vol: V, capacity: u64n, flags: u32 }), nothing, HEAVY),
  CONNECT_LIST_ALL_STORAGE_POOLS: proc(281, listArgs, struct({ pools: list(P), ret: u32 })),
  STORAGE_POOL_LIST_ALL_VOLUMES: proc(
    282,
    struct({ pool: P, needResults: bool, flags: u32 }),
    struct({ vols: list(V), ret: u32 }),
  ),
  STORAGE_VOL_GET_INFO_FLAGS: proc(378, volFlags, volInfo),
  STORAGE_POOL_LOOKUP_BY_TARGET_PATH: proc(391, struct({ path: str }), pool),
});
