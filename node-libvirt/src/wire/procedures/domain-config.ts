import { bool, i32, nothing, nullable, str, struct, u32, u64n } from '../../xdr/index.ts';
import { domainHandle as D } from '../handles.ts';
import { Program } from '../packet.ts';
import { proc, procedures } from '../procedure.ts';
import { dom, domFlags, HEAVY } from './common.ts';

const deviceArgs = struct({ dom: D, xml: str, flags: u32 });

/** Devices, CPUs, memory and metadata of a domain. */
export const domainConfig = procedures(Program.REMOTE, {
  DOMAIN_ATTACH_DEVICE_FLAGS: proc(160, deviceArgs, nothing, HEAVY),
  DOMAIN_DETACH_DEVICE_FLAGS: proc(161, deviceArgs, nothing, HEAVY),
  DOMAIN_UPDATE_DEVICE_FLAGS: proc(174, deviceArgs, nothing, HEAVY),
  DOMAIN_DETACH_DEVICE_ALIAS: proc(392, struct({ dom: D, alias: str, flags: u32 }), nothing, HEAVY),
  DOMAIN_GET_MAX_MEMORY: proc(17, dom, struct({ memory: u64n })),
  DOMAIN_SET_VCPUS_FLAGS: proc(199, struct({ dom: D, nvcpus: u32, flags: u32 }), nothing, HEAVY),
  DOMAIN_GET_VCPUS_FLAGS: proc(200, domFlags, struct({ num: i32 })),
  DOMAIN_SET_MEMORY_FLAGS: proc(204, struct({ dom: D, memory: u64n, flags: u32 }), nothing, HEAVY),
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
});
