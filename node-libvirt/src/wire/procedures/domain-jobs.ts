import {
  bool,
  i32,
  list,
  nothing,
  nullable,
  str,
  struct,
  typedParameter,
  typedValues,
  u32,
  u64n,
} from '../../xdr/index.ts';
import { checkpointHandle, domainHandle as D, snapshotHandle } from '../handles.ts';
import { Program } from '../packet.ts';
import { proc, procedures } from '../procedure.ts';
import { dom, domFlags, HEAVY, SLOW } from './common.ts';

const diskFlags = struct({ dom: D, path: str, flags: u32 });
const snap = struct({ snap: snapshotHandle });
const snapFlags = struct({ snap: snapshotHandle, flags: u32 });
const checkpoint = struct({ checkpoint: checkpointHandle });
const domXml = struct({ dom: D, xml: str, flags: u32 });
const domName = struct({ dom: D, name: str, flags: u32 });

/** Work that goes on in the background of a domain: block jobs, backups, snapshots. */
export const domainJobs = procedures(Program.REMOTE, {
  DOMAIN_ABORT_JOB: proc(164, dom, nothing),
  DOMAIN_GET_BLOCK_INFO: proc(
    194,
    diskFlags,
    struct({ allocation: u64n, capacity: u64n, physical: u64n }),
  ),
  DOMAIN_BLOCK_JOB_ABORT: proc(237, diskFlags, nothing, HEAVY),
  DOMAIN_GET_BLOCK_JOB_INFO: proc(
    238,
    diskFlags,
    struct({ found: bool, type: i32, bandwidth: u64n, cur: u64n, end: u64n }),
  ),
  DOMAIN_BLOCK_JOB_SET_SPEED: proc(
    239,
    struct({ dom: D, path: str, bandwidth: u64n, flags: u32 }),
    nothing,
    HEAVY,
  ),
  DOMAIN_BLOCK_PULL: proc(
    240,
    struct({ dom: D, path: str, bandwidth: u64n, flags: u32 }),
    nothing,
    HEAVY,
  ),
  DOMAIN_BLOCK_RESIZE: proc(
    251,
    struct({ dom: D, disk: str, size: u64n, flags: u32 }),
    nothing,
    HEAVY,
  ),
  DOMAIN_GET_DISK_ERRORS: proc(
    263,
    struct({ dom: D, maxErrors: u32, flags: u32 }),
    struct({ errors: list(struct({ disk: str, error: i32 }), 256), nerrors: i32 }),
  ),
  DOMAIN_BLOCK_COMMIT: proc(
    290,
    struct({
      dom: D,
      disk: str,
      base: nullable(str),
      top: nullable(str),
      bandwidth: u64n,
      flags: u32,
    }),
    nothing,
    HEAVY,
  ),
  DOMAIN_GET_JOB_STATS: proc(298, domFlags, struct({ type: i32, params: typedValues(64) })),
  DOMAIN_BLOCK_COPY: proc(
    345,
    struct({ dom: D, path: str, destXml: str, params: list(typedParameter, 16), flags: u32 }),
    nothing,
    HEAVY,
  ),
  DOMAIN_BLOCK_REBASE: proc(
    266,
    struct({ dom: D, path: str, base: nullable(str), bandwidth: u64n, flags: u32 }),
    nothing,
    HEAVY,
  ),
  DOMAIN_ABORT_JOB_FLAGS: proc(442, domFlags, nothing),
  DOMAIN_BACKUP_BEGIN: proc(
    421,
    struct({ dom: D, xml: str, checkpointXml: nullable(str), flags: u32 }),
    nothing,
    HEAVY,
  ),
  DOMAIN_BACKUP_GET_XML_DESC: proc(422, domFlags, struct({ xml: str })),

  DOMAIN_SNAPSHOT_CREATE_XML: proc(185, domXml, snap, SLOW),
  DOMAIN_SNAPSHOT_GET_XML_DESC: proc(186, snapFlags, struct({ xml: str })),
  DOMAIN_SNAPSHOT_LOOKUP_BY_NAME: proc(189, domName, snap),
  DOMAIN_HAS_CURRENT_SNAPSHOT: proc(190, domFlags, struct({ result: bool })),
  DOMAIN_SNAPSHOT_CURRENT: proc(191, domFlags, snap),
  DOMAIN_REVERT_TO_SNAPSHOT: proc(192, snapFlags, nothing, SLOW),
  DOMAIN_SNAPSHOT_DELETE: proc(193, snapFlags, nothing, SLOW),
  DOMAIN_SNAPSHOT_GET_PARENT: proc(244, snapFlags, snap),
  DOMAIN_SNAPSHOT_IS_CURRENT: proc(271, snapFlags, struct({ current: bool })),
  DOMAIN_SNAPSHOT_HAS_METADATA: proc(272, snapFlags, struct({ metadata: bool })),
  DOMAIN_LIST_ALL_SNAPSHOTS: proc(
    274,
    struct({ dom: D, needResults: bool, flags: u32 }),
    struct({ snapshots: list(snapshotHandle), ret: i32 }),
  ),
  DOMAIN_SNAPSHOT_LIST_ALL_CHILDREN: proc(
    275,
    struct({ snap: snapshotHandle, needResults: bool, flags: u32 }),
    struct({ snapshots: list(snapshotHandle), ret: i32 }),
  ),

  DOMAIN_CHECKPOINT_CREATE_XML: proc(411, domXml, checkpoint, HEAVY),
  DOMAIN_CHECKPOINT_GET_XML_DESC: proc(
    412,
    struct({ checkpoint: checkpointHandle, flags: u32 }),
    struct({ xml: str }),
  ),
  DOMAIN_LIST_ALL_CHECKPOINTS: proc(
    413,
    struct({ dom: D, needResults: bool, flags: u32 }),
    struct({ checkpoints: list(checkpointHandle), ret: i32 }),
  ),
  DOMAIN_CHECKPOINT_LIST_ALL_CHILDREN: proc(
    414,
    struct({ checkpoint: checkpointHandle, needResults: bool, flags: u32 }),
    struct({ checkpoints: list(checkpointHandle), ret: i32 }),
  ),
  DOMAIN_CHECKPOINT_LOOKUP_BY_NAME: proc(415, domName, checkpoint),
  DOMAIN_CHECKPOINT_GET_PARENT: proc(
    416,
    struct({ checkpoint: checkpointHandle, flags: u32 }),
    checkpoint,
  ),
  DOMAIN_CHECKPOINT_DELETE: proc(
    417,
    struct({ checkpoint: checkpointHandle, flags: u32 }),
    nothing,
    SLOW,
  ),
});
