import {
  bool,
  i32,
  list,
  nothing,
  nullable,
  str,
  struct,
  u32,
  u64,
  u64n,
  uuid,
} from '../../xdr/index.ts';
import { domainHandle } from '../handles.ts';
import { Program } from '../packet.ts';
import { proc, procedures } from '../procedure.ts';
import { dom, domFlags, HEAVY, listArgs, nameOnly, params, SLOW, xmlFlags } from './common.ts';

const D = domainHandle;

/** Life of a domain: list, look up, define, start, stop, save. */
export const domain = procedures(Program.REMOTE, {
  DOMAIN_CREATE_XML: proc(10, xmlFlags, dom, HEAVY),
  DOMAIN_GET_XML_DESC: proc(14, domFlags, struct({ xml: str })),
  DOMAIN_GET_AUTOSTART: proc(15, dom, struct({ autostart: bool })),
  DOMAIN_GET_INFO: proc(
    16,
    dom,
    struct({ state: i32, maxMem: u64n, memory: u64n, nrVirtCpu: i32, cpuTime: u64 }),
  ),
  DOMAIN_GET_OS_TYPE: proc(19, dom, struct({ type: str })),
  DOMAIN_LOOKUP_BY_ID: proc(22, struct({ id: i32 }), dom),
  DOMAIN_LOOKUP_BY_NAME: proc(23, nameOnly, dom),
  DOMAIN_LOOKUP_BY_UUID: proc(24, struct({ uuid }), dom),
  DOMAIN_REBOOT: proc(27, domFlags, nothing, HEAVY),
  DOMAIN_RESUME: proc(28, dom, nothing, HEAVY),
  DOMAIN_SET_AUTOSTART: proc(29, struct({ dom: D, autostart: bool }), nothing, HEAVY),
  DOMAIN_SUSPEND: proc(34, dom, nothing, HEAVY),
  DOMAIN_IS_ACTIVE: proc(150, dom, struct({ active: bool })),
  DOMAIN_IS_PERSISTENT: proc(151, dom, struct({ persistent: bool })),
  DOMAIN_MANAGED_SAVE: proc(182, domFlags, nothing, SLOW),
  DOMAIN_HAS_MANAGED_SAVE_IMAGE: proc(183, domFlags, struct({ result: bool })),
  DOMAIN_MANAGED_SAVE_REMOVE: proc(184, domFlags, nothing, HEAVY),
  DOMAIN_CREATE_WITH_FLAGS: proc(196, domFlags, dom, HEAVY),
  DOMAIN_IS_UPDATED: proc(202, dom, struct({ updated: bool })),
  DOMAIN_INJECT_NMI: proc(210, domFlags, nothing, HEAVY),
  DOMAIN_GET_STATE: proc(212, domFlags, struct({ state: i32, reason: i32 })),
  DOMAIN_SEND_KEY: proc(
    226,
    struct({ dom: D, codeset: u32, holdtime: u32, keycodes: list(u32, 16), flags: u32 }),
    nothing,
    HEAVY,
  ),
  DOMAIN_UNDEFINE_FLAGS: proc(231, domFlags, nothing, HEAVY),
  DOMAIN_SAVE_FLAGS: proc(
    232,
    struct({ dom: D, to: str, dxml: nullable(str), flags: u32 }),
    nothing,
    SLOW,
  ),
  DOMAIN_RESTORE_FLAGS: proc(
    233,
    struct({ from: str, dxml: nullable(str), flags: u32 }),
    nothing,
    SLOW,
  ),
  DOMAIN_DESTROY_FLAGS: proc(234, domFlags, nothing, HEAVY),
  DOMAIN_RESET: proc(245, domFlags, nothing, HEAVY),
  DOMAIN_SHUTDOWN_FLAGS: proc(258, domFlags, nothing, HEAVY),
  DOMAIN_PM_SUSPEND_FOR_DURATION: proc(
    261,
    struct({ dom: D, target: u32, duration: u64n, flags: u32 }),
    nothing,
    SLOW,
  ),
  DOMAIN_PM_WAKEUP: proc(267, domFlags, nothing, HEAVY),
  CONNECT_LIST_ALL_DOMAINS: proc(273, listArgs, struct({ domains: list(D), ret: u32 })),
  DOMAIN_CORE_DUMP_WITH_FORMAT: proc(
    334,
    struct({ dom: D, to: str, format: u32, flags: u32 }),
    nothing,
    SLOW,
  ),
  DOMAIN_SAVE_IMAGE_GET_XML_DESC: proc(
    235,
    struct({ file: str, flags: u32 }),
    struct({ xml: str }),
    HEAVY,
  ),
  DOMAIN_SAVE_IMAGE_DEFINE_XML: proc(
    236,
    struct({ file: str, dxml: str, flags: u32 }),
    nothing,
    HEAVY,
  ),
  DOMAIN_GET_CONTROL_INFO: proc(
    229,
    domFlags,
    struct({ state: u32, details: u32, stateTime: u64n }),
  ),
  DOMAIN_MANAGED_SAVE_GET_XML_DESC: proc(388, domFlags, struct({ xml: str })),
  DOMAIN_MANAGED_SAVE_DEFINE_XML: proc(
    389,
    struct({ dom: D, dxml: nullable(str), flags: u32 }),
    nothing,
    HEAVY,
  ),
  DOMAIN_SAVE_PARAMS: proc(440, struct({ dom: D, params: params(64), flags: u32 }), nothing, SLOW),
  DOMAIN_RESTORE_PARAMS: proc(441, struct({ params: params(64), flags: u32 }), nothing, SLOW),
  DOMAIN_GRAPHICS_RELOAD: proc(448, struct({ dom: D, type: u32, flags: u32 }), nothing, HEAVY),
  DOMAIN_GET_AUTOSTART_ONCE: proc(449, dom, struct({ autostart: bool })),
  DOMAIN_SET_AUTOSTART_ONCE: proc(450, struct({ dom: D, autostart: bool }), nothing),
  DOMAIN_DEFINE_XML_FLAGS: proc(350, xmlFlags, dom, HEAVY),
  DOMAIN_RENAME: proc(
    358,
    struct({ dom: D, newName: nullable(str), flags: u32 }),
    struct({ retcode: i32 }),
    HEAVY,
  ),
  DOMAIN_SET_LIFECYCLE_ACTION: proc(
    390,
    struct({ dom: D, type: u32, action: u32, flags: u32 }),
    nothing,
    HEAVY,
  ),
  DOMAIN_GET_MESSAGES: proc(426, domFlags, struct({ messages: list(str, 2048) })),
  DOMAIN_OPEN_CONSOLE: proc(201, struct({ dom: D, devName: nullable(str), flags: u32 }), nothing, {
    stream: 'both',
  }),
  DOMAIN_SCREENSHOT: proc(
    211,
    struct({ dom: D, screen: u32, flags: u32 }),
    struct({ mime: nullable(str) }),
    { stream: 'read' },
  ),
  DOMAIN_OPEN_CHANNEL: proc(296, struct({ dom: D, name: nullable(str), flags: u32 }), nothing, {
    stream: 'both',
  }),
});
