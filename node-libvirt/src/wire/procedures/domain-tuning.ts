import {
  i32,
  list,
  nothing,
  nullable,
  opaque,
  str,
  struct,
  typedValues,
  u32,
  u64,
  u64n,
} from '../../xdr/index.ts';
import { domainHandle as D } from '../handles.ts';
import { Program } from '../packet.ts';
import { proc, procedures } from '../procedure.ts';
import { countedValues, cpuMap, cpuMaps, dom, domFlags, HEAVY, params, values } from './common.ts';

const setParams = (limit: number) => struct({ dom: D, params: params(limit), flags: u32 });
const getParams = struct({ dom: D, nparams: i32, flags: u32 });
const ioThread = struct({ dom: D, id: u32, flags: u32 });

/** What a domain may use of its host, and how that is shared out. */
export const domainTuning = procedures(Program.REMOTE, {
  DOMAIN_GET_VCPUS: proc(
    20,
    struct({ dom: D, maxInfo: i32, mapBytes: i32 }),
    struct({
      info: list(struct({ number: u32, state: i32, cpuTime: u64, cpu: i32 })),
      cpuMaps,
    }),
  ),
  DOMAIN_GET_SCHEDULER_TYPE: proc(56, dom, struct({ type: str, nparams: i32 })),
  DOMAIN_SET_MEMORY_PARAMETERS: proc(197, setParams(16), nothing, HEAVY),
  DOMAIN_GET_MEMORY_PARAMETERS: proc(198, getParams, countedValues(16)),
  DOMAIN_SET_BLKIO_PARAMETERS: proc(205, setParams(16), nothing, HEAVY),
  DOMAIN_GET_BLKIO_PARAMETERS: proc(206, getParams, countedValues(16)),
  DOMAIN_SET_SCHEDULER_PARAMETERS_FLAGS: proc(219, setParams(16), nothing, HEAVY),
  DOMAIN_GET_SCHEDULER_PARAMETERS_FLAGS: proc(223, getParams, values(16)),
  DOMAIN_PIN_VCPU_FLAGS: proc(
    225,
    struct({ dom: D, vcpu: u32, cpumap: cpuMap, flags: u32 }),
    nothing,
    HEAVY,
  ),
  DOMAIN_GET_VCPU_PIN_INFO: proc(
    230,
    struct({ dom: D, maps: i32, mapBytes: i32, flags: u32 }),
    struct({ cpuMaps, num: i32 }),
  ),
  DOMAIN_SET_BLOCK_IO_TUNE: proc(
    252,
    struct({ dom: D, disk: str, params: params(32), flags: u32 }),
    nothing,
    HEAVY,
  ),
  DOMAIN_GET_BLOCK_IO_TUNE: proc(
    253,
    struct({ dom: D, disk: nullable(str), nparams: i32, flags: u32 }),
    countedValues(32),
  ),
  DOMAIN_SET_NUMA_PARAMETERS: proc(254, setParams(16), nothing, HEAVY),
  DOMAIN_GET_NUMA_PARAMETERS: proc(255, getParams, countedValues(16)),
  DOMAIN_SET_INTERFACE_PARAMETERS: proc(
    256,
    struct({ dom: D, device: str, params: params(16), flags: u32 }),
    nothing,
    HEAVY,
  ),
  DOMAIN_GET_INTERFACE_PARAMETERS: proc(
    257,
    struct({ dom: D, device: str, nparams: i32, flags: u32 }),
    countedValues(16),
  ),
  DOMAIN_PIN_EMULATOR: proc(279, struct({ dom: D, cpumap: cpuMap, flags: u32 }), nothing, HEAVY),
  DOMAIN_GET_EMULATOR_PIN_INFO: proc(
    280,
    struct({ dom: D, mapBytes: i32, flags: u32 }),
    struct({ cpuMap: opaque(8_388_608), ret: i32 }),
  ),
  DOMAIN_GET_IOTHREAD_INFO: proc(
    351,
    domFlags,
    struct({ info: list(struct({ id: u32, cpuMap })), ret: u32 }),
  ),
  DOMAIN_PIN_IOTHREAD: proc(
    352,
    struct({ dom: D, id: u32, cpumap: cpuMap, flags: u32 }),
    nothing,
    HEAVY,
  ),
  DOMAIN_ADD_IOTHREAD: proc(355, ioThread, nothing, HEAVY),
  DOMAIN_DEL_IOTHREAD: proc(356, ioThread, nothing, HEAVY),
  DOMAIN_GET_PERF_EVENTS: proc(365, domFlags, values(64)),
  DOMAIN_SET_PERF_EVENTS: proc(366, setParams(64), nothing, HEAVY),
  DOMAIN_SET_BLOCK_THRESHOLD: proc(
    386,
    struct({ dom: D, dev: str, threshold: u64n, flags: u32 }),
    nothing,
    HEAVY,
  ),
  DOMAIN_GET_LAUNCH_SECURITY_INFO: proc(396, domFlags, struct({ params: typedValues(64) })),
  DOMAIN_SET_IOTHREAD_PARAMS: proc(
    402,
    struct({ dom: D, id: u32, params: params(64), flags: u32 }),
    nothing,
    HEAVY,
  ),
  DOMAIN_START_DIRTY_RATE_CALC: proc(
    427,
    struct({ dom: D, seconds: i32, flags: u32 }),
    nothing,
    HEAVY,
  ),
  DOMAIN_SET_LAUNCH_SECURITY_STATE: proc(439, setParams(64), nothing, HEAVY),
  DOMAIN_SET_THROTTLE_GROUP: proc(
    451,
    struct({ dom: D, group: str, params: params(32), flags: u32 }),
    nothing,
    HEAVY,
  ),
  DOMAIN_DEL_THROTTLE_GROUP: proc(
    452,
    struct({ dom: D, group: nullable(str), flags: u32 }),
    nothing,
    HEAVY,
  ),
});
