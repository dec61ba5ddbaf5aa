import {
  bool,
  charArray,
  charList,
  i32,
  list,
  nothing,
  nullable,
  opaque,
  str,
  struct,
  u32,
  u64n,
} from '../../xdr/index.ts';
import { domainHandle } from '../handles.ts';
import { Program } from '../packet.ts';
import { proc, procedures } from '../procedure.ts';
import { countedValues, flagsOnly, HEAVY, params } from './common.ts';

const emulatorKey = {
  emulator: nullable(str),
  arch: nullable(str),
  machine: nullable(str),
  virttype: nullable(str),
};
const nodeStats = struct({
  params: list(struct({ field: str, value: u64n }), 16),
  nparams: i32,
});

/** Opening, closing, and questions about the daemon and its host. */
export const host = procedures(Program.REMOTE, {
  CONNECT_OPEN: proc(1, struct({ name: nullable(str), flags: u32 }), nothing),
  CONNECT_CLOSE: proc(2, nothing, nothing),
  CONNECT_GET_TYPE: proc(3, nothing, struct({ type: str })),
  CONNECT_GET_VERSION: proc(4, nothing, struct({ version: u64n })),
  CONNECT_GET_MAX_VCPUS: proc(5, struct({ type: nullable(str) }), struct({ max: i32 })),
  NODE_GET_INFO: proc(
    6,
    nothing,
    struct({
      model: charArray(32),
      memory: u64n,
      cpus: i32,
      mhz: i32,
      nodes: i32,
      sockets: i32,
      cores: i32,
      threads: i32,
    }),
  ),
  CONNECT_GET_CAPABILITIES: proc(7, nothing, struct({ xml: str })),
  CONNECT_GET_HOSTNAME: proc(59, nothing, struct({ hostname: str })),
  CONNECT_SUPPORTS_FEATURE: proc(60, struct({ feature: i32 }), struct({ supported: bool })),
  AUTH_LIST: proc(66, nothing, struct({ types: list(i32, 20) })),
  AUTH_POLKIT: proc(70, nothing, struct({ complete: bool })),
  NODE_GET_CELLS_FREE_MEMORY: proc(
    101,
    struct({ startCell: i32, maxCells: i32 }),
    struct({ cells: list(u64n, 1024) }),
  ),
  NODE_GET_FREE_MEMORY: proc(102, nothing, struct({ freeMem: u64n })),
  CONNECT_GET_URI: proc(110, nothing, struct({ uri: str })),
  CONNECT_DOMAIN_XML_TO_NATIVE: proc(
    136,
    struct({ format: str, xml: str, flags: u32 }),
    struct({ config: str }),
  ),
  NODE_GET_SECURITY_MODEL: proc(122, nothing, struct({ model: charList(257), doi: charList(257) })),
  CONNECT_DOMAIN_XML_FROM_NATIVE: proc(
    135,
    struct({ format: str, config: str, flags: u32 }),
    struct({ xml: str }),
  ),
  CONNECT_IS_SECURE: proc(149, nothing, struct({ secure: bool })),
  CONNECT_GET_LIB_VERSION: proc(157, nothing, struct({ version: u64n })),
  CONNECT_COMPARE_CPU: proc(158, struct({ xml: str, flags: u32 }), struct({ result: i32 })),
  CONNECT_BASELINE_CPU: proc(
    162,
    struct({ xmls: list(str, 256), flags: u32 }),
    struct({ cpu: str }),
  ),
  CONNECT_GET_SYSINFO: proc(203, flagsOnly, struct({ sysinfo: str })),
  NODE_GET_CPU_STATS: proc(227, struct({ cpu: i32, nparams: i32, flags: u32 }), nodeStats),
  NODE_GET_MEMORY_STATS: proc(228, struct({ nparams: i32, cell: i32, flags: u32 }), nodeStats),
  NODE_SUSPEND_FOR_DURATION: proc(
    250,
    struct({ target: u32, duration: u64n, flags: u32 }),
    nothing,
    HEAVY,
  ),
  NODE_SET_MEMORY_PARAMETERS: proc(288, struct({ params: params(64), flags: u32 }), nothing, HEAVY),
  NODE_GET_MEMORY_PARAMETERS: proc(289, struct({ nparams: i32, flags: u32 }), countedValues(64)),
  NODE_GET_CPU_MAP: proc(
    293,
    struct({ needMap: bool, needOnline: bool, flags: u32 }),
    struct({ cpumap: opaque(2048), online: u32, ret: i32 }),
  ),
  CONNECT_GET_CPU_MODEL_NAMES: proc(
    312,
    struct({ arch: str, needResults: bool, flags: u32 }),
    struct({ models: list(str, 8192), ret: i32 }),
  ),
  CONNECT_GET_DOMAIN_CAPABILITIES: proc(
    342,
    struct({ ...emulatorKey, flags: u32 }),
    struct({ xml: str }),
  ),
  NODE_GET_FREE_PAGES: proc(
    340,
    struct({ pages: list(u32, 1024), startCell: i32, cellCount: u32, flags: u32 }),
    struct({ counts: list(u64n, 1024) }),
  ),
  NODE_ALLOC_PAGES: proc(
    347,
    struct({
      pageSizes: list(u32, 1024),
      pageCounts: list(u64n, 1024),
      startCell: i32,
      cellCount: u32,
      flags: u32,
    }),
    struct({ ret: i32 }),
    HEAVY,
  ),
  CONNECT_COMPARE_HYPERVISOR_CPU: proc(
    393,
    struct({ ...emulatorKey, xml: str, flags: u32 }),
    struct({ result: i32 }),
  ),
  CONNECT_BASELINE_HYPERVISOR_CPU: proc(
    394,
    struct({ ...emulatorKey, xmls: list(str, 256), flags: u32 }),
    struct({ cpu: str }),
  ),
  NODE_GET_SEV_INFO: proc(395, struct({ nparams: i32, flags: u32 }), countedValues(64)),
  CONNECT_GET_STORAGE_POOL_CAPABILITIES: proc(403, flagsOnly, struct({ xml: str })),
});

/** Calls of the program that only QEMU's driver has. */
export const qemu = procedures(Program.QEMU, {
  DOMAIN_MONITOR_COMMAND: proc(
    1,
    struct({ dom: domainHandle, cmd: str, flags: u32 }),
    struct({ result: str }),
    { lane: 'heavy' },
  ),
  DOMAIN_AGENT_COMMAND: proc(
    3,
    struct({ dom: domainHandle, cmd: str, timeout: i32, flags: u32 }),
    struct({ result: nullable(str) }),
    { lane: 'slow' },
  ),
});
