import {
  bool,
  i32,
  list,
  nothing,
  nullable,
  opaque,
  str,
  struct,
  typedParameter,
  typedValues,
  u32,
  u64n,
} from '../../xdr/index.ts';
import { domainHandle as D } from '../handles.ts';
import { Program } from '../packet.ts';
import { proc, procedures } from '../procedure.ts';
import { domFlags, HEAVY } from './common.ts';

const deviceArgs = struct({ dom: D, xml: str, flags: u32 });
const params16 = list(typedParameter, 16);
const getParams = struct({ dom: D, nparams: i32, flags: u32 });
const params16Result = struct({ params: typedValues(16), nparams: i32 });

/** Devices, CPUs, memory, tuning and metadata of a domain. */
export const domainConfig = procedures(Program.REMOTE, {
  DOMAIN_ATTACH_DEVICE_FLAGS: proc(160, deviceArgs, nothing, HEAVY),
  DOMAIN_DETACH_DEVICE_FLAGS: proc(161, deviceArgs, nothing, HEAVY),
  DOMAIN_UPDATE_DEVICE_FLAGS: proc(174, deviceArgs, nothing, HEAVY),
  DOMAIN_DETACH_DEVICE_ALIAS: proc(392, struct({ dom: D, alias: str, flags: u32 }), nothing, HEAVY),
  DOMAIN_SET_MEMORY_PARAMETERS: proc(
    197,
    struct({ dom: D, params: params16, flags: u32 }),
    nothing,
    HEAVY,
  ),
  DOMAIN_GET_MEMORY_PARAMETERS: proc(198, getParams, params16Result),
  DOMAIN_SET_VCPUS_FLAGS: proc(199, struct({ dom: D, nvcpus: u32, flags: u32 }), nothing, HEAVY),
  DOMAIN_GET_VCPUS_FLAGS: proc(200, domFlags, struct({ num: i32 })),
  DOMAIN_SET_MEMORY_FLAGS: proc(204, struct({ dom: D, memory: u64n, flags: u32 }), nothing, HEAVY),
  DOMAIN_SET_BLKIO_PARAMETERS: proc(
    205,
    struct({ dom: D, params: params16, flags: u32 }),
    nothing,
    HEAVY,
  ),
  DOMAIN_GET_BLKIO_PARAMETERS: proc(206, getParams, params16Result),
  DOMAIN_SET_SCHEDULER_PARAMETERS_FLAGS: proc(
    219,
    struct({ dom: D, params: params16, flags: u32 }),
    nothing,
    HEAVY,
  ),
  DOMAIN_GET_SCHEDULER_PARAMETERS_FLAGS: proc(223, getParams, struct({ params: typedValues(16) })),
  DOMAIN_PIN_VCPU_FLAGS: proc(
    225,
    struct({ dom: D, vcpu: u32, cpumap: opaque(2048), flags: u32 }),
    nothing,
    HEAVY,
  ),
  DOMAIN_SET_BLOCK_IO_TUNE: proc(
    252,
    struct({ dom: D, disk: str, params: list(typedParameter, 32), flags: u32 }),
    nothing,
    HEAVY,
  ),
  DOMAIN_GET_BLOCK_IO_TUNE: proc(
    253,
    struct({ dom: D, disk: nullable(str), nparams: i32, flags: u32 }),
    struct({ params: typedValues(32), nparams: i32 }),
  ),
  DOMAIN_SET_INTERFACE_PARAMETERS: proc(
    256,
    struct({ dom: D, device: str, params: params16, flags: u32 }),
    nothing,
    HEAVY,
  ),
  DOMAIN_SET_METADATA: proc(
    264,
    struct({
      dom: D,
      type: i32,
      metadata: nullable(str),
      key: nullable(str),
      uri: nullable(str),
      flags: u32,
    }),
    nothing,
    HEAVY,
  ),
  DOMAIN_GET_METADATA: proc(
    265,
    struct({ dom: D, type: i32, uri: nullable(str), flags: u32 }),
    struct({ metadata: str }),
  ),
  DOMAIN_PIN_EMULATOR: proc(
    279,
    struct({ dom: D, cpumap: opaque(2048), flags: u32 }),
    nothing,
    HEAVY,
  ),
  DOMAIN_SET_MEMORY_STATS_PERIOD: proc(
    308,
    struct({ dom: D, period: i32, flags: u32 }),
    nothing,
    HEAVY,
  ),
  DOMAIN_SET_VCPU: proc(
    384,
    struct({ dom: D, vcpumap: str, state: bool, flags: u32 }),
    nothing,
    HEAVY,
  ),
  DOMAIN_SET_BLOCK_THRESHOLD: proc(
    386,
    struct({ dom: D, dev: str, threshold: u64n, flags: u32 }),
    nothing,
  ),
});
