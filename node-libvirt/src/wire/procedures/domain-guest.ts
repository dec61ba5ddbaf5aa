import {
  bool,
  charList,
  i32,
  i64n,
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
import { countedValues, dom, domFlags, HEAVY, SLOW } from './common.ts';

const mountPoints = struct({ dom: D, mountPoints: list(str, 256), flags: u32 });
const filesystems = struct({ filesystems: i32 });
const securityLabel = struct({ label: charList(4097), enforcing: bool });
const peek = struct({ buffer: opaque(4_194_304) });
const address = struct({ type: i32, addr: str, prefix: u32 });

/** Statistics, and what is asked of or done to the guest itself. */
export const domainGuest = procedures(Program.REMOTE, {
  DOMAIN_BLOCK_STATS: proc(
    64,
    struct({ dom: D, path: str }),
    struct({ rdReq: i64n, rdBytes: i64n, wrReq: i64n, wrBytes: i64n, errs: i64n }),
  ),
  DOMAIN_INTERFACE_STATS: proc(
    65,
    struct({ dom: D, device: str }),
    struct({
      rxBytes: i64n,
      rxPackets: i64n,
      rxErrs: i64n,
      rxDrop: i64n,
      txBytes: i64n,
      txPackets: i64n,
      txErrs: i64n,
      txDrop: i64n,
    }),
  ),
  DOMAIN_BLOCK_PEEK: proc(
    103,
    struct({ dom: D, path: str, offset: u64n, size: u32, flags: u32 }),
    peek,
  ),
  DOMAIN_MEMORY_PEEK: proc(
    104,
    struct({ dom: D, offset: u64n, size: u32, flags: u32 }),
    peek,
    HEAVY,
  ),
  DOMAIN_GET_SECURITY_LABEL: proc(121, dom, securityLabel),
  DOMAIN_GET_SECURITY_LABEL_LIST: proc(
    278,
    dom,
    struct({ labels: list(securityLabel, 64), ret: i32 }),
  ),
  DOMAIN_BLOCK_STATS_FLAGS: proc(
    243,
    struct({ dom: D, path: str, nparams: i32, flags: u32 }),
    countedValues(16),
  ),
  DOMAIN_GET_CPU_STATS: proc(
    262,
    struct({ dom: D, nparams: u32, startCpu: i32, ncpus: u32, flags: u32 }),
    struct({ params: list(typedParameter, 2048), nparams: i32 }),
  ),
  DOMAIN_MEMORY_STATS: proc(
    159,
    struct({ dom: D, maxStats: u32, flags: u32 }),
    struct({ stats: list(struct({ tag: i32, val: u64n }), 1024) }),
  ),
  CONNECT_GET_ALL_DOMAIN_STATS: proc(
    344,
    struct({ doms: list(D), stats: u32, flags: u32 }),
    struct({ records: list(struct({ dom: D, params: typedValues(262_144) })) }),
  ),
  DOMAIN_GET_HOSTNAME: proc(277, domFlags, struct({ hostname: str }), SLOW),
  DOMAIN_FSTRIM: proc(
    294,
    struct({ dom: D, mountPoint: nullable(str), minimum: u64n, flags: u32 }),
    nothing,
    SLOW,
  ),
  DOMAIN_FSFREEZE: proc(335, mountPoints, filesystems, SLOW),
  DOMAIN_FSTHAW: proc(336, mountPoints, filesystems, SLOW),
  DOMAIN_GET_TIME: proc(337, domFlags, struct({ seconds: i64n, nseconds: u32 }), SLOW),
  DOMAIN_SET_TIME: proc(
    338,
    struct({ dom: D, seconds: i64n, nseconds: u32, flags: u32 }),
    nothing,
    SLOW,
  ),
  DOMAIN_GET_FSINFO: proc(
    349,
    domFlags,
    struct({
      info: list(
        struct({ mountpoint: str, name: str, fstype: str, devAliases: list(str, 256) }),
        256,
      ),
      ret: u32,
    }),
    SLOW,
  ),
  DOMAIN_INTERFACE_ADDRESSES: proc(
    353,
    struct({ dom: D, source: u32, flags: u32 }),
    struct({
      ifaces: list(struct({ name: str, hwaddr: nullable(str), addrs: list(address, 2048) }), 2048),
    }),
    SLOW,
  ),
  DOMAIN_SET_USER_PASSWORD: proc(
    357,
    struct({ dom: D, user: nullable(str), password: nullable(str), flags: u32 }),
    nothing,
    SLOW,
  ),
  DOMAIN_GET_GUEST_VCPUS: proc(371, domFlags, struct({ params: typedValues(64) }), SLOW),
  DOMAIN_SET_GUEST_VCPUS: proc(
    372,
    struct({ dom: D, cpumap: str, state: bool, flags: u32 }),
    nothing,
    SLOW,
  ),
  DOMAIN_GET_GUEST_INFO: proc(
    418,
    struct({ dom: D, types: u32, flags: u32 }),
    struct({ params: typedValues(2048) }),
    SLOW,
  ),
  DOMAIN_AGENT_SET_RESPONSE_TIMEOUT: proc(
    420,
    struct({ dom: D, timeout: i32, flags: u32 }),
    struct({ result: i32 }),
  ),
  DOMAIN_AUTHORIZED_SSH_KEYS_GET: proc(
    424,
    struct({ dom: D, user: str, flags: u32 }),
    struct({ keys: list(str, 2048) }),
    SLOW,
  ),
  DOMAIN_AUTHORIZED_SSH_KEYS_SET: proc(
    425,
    struct({ dom: D, user: str, keys: list(str, 2048), flags: u32 }),
    nothing,
    SLOW,
  ),
});
