import {
  bool,
  i32,
  list,
  nothing,
  nullable,
  opaque,
  str,
  struct,
  u32,
  uuid,
} from '../../xdr/index.ts';
import { interfaceHandle, nodeDeviceHandle, secretHandle } from '../handles.ts';
import { Program } from '../packet.ts';
import { proc, procedures } from '../procedure.ts';
import { flagsOnly, HEAVY, listArgs, nameOnly, xmlFlags } from './common.ts';

const dev = struct({ dev: nodeDeviceHandle });
const nameFlags = struct({ name: str, flags: u32 });
const secretArgs = struct({ secret: secretHandle });
const secretFlags = struct({ secret: secretHandle, flags: u32 });

/** Devices of the host. As an argument a device is its name alone. */
export const nodeDevice = procedures(Program.REMOTE, {
  NODE_DEVICE_LOOKUP_BY_NAME: proc(113, nameOnly, dev),
  NODE_DEVICE_GET_XML_DESC: proc(114, nameFlags, struct({ xml: str })),
  NODE_DEVICE_GET_PARENT: proc(115, nameOnly, struct({ parentName: nullable(str) })),
  NODE_DEVICE_LIST_CAPS: proc(
    117,
    struct({ name: str, maxNames: i32 }),
    struct({ names: list(str, 65_536) }),
  ),
  NODE_DEVICE_RE_ATTACH: proc(119, nameOnly, nothing, HEAVY),
  NODE_DEVICE_RESET: proc(120, nameOnly, nothing, HEAVY),
  NODE_DEVICE_CREATE_XML: proc(123, xmlFlags, dev, HEAVY),
  NODE_DEVICE_DESTROY: proc(124, nameOnly, nothing, HEAVY),
  CONNECT_LIST_ALL_NODE_DEVICES: proc(
    285,
    listArgs,
    struct({ devices: list(nodeDeviceHandle, 65_536), ret: u32 }),
  ),
  NODE_DEVICE_DETACH_FLAGS: proc(
    301,
    struct({ name: str, driverName: nullable(str), flags: u32 }),
    nothing,
    HEAVY,
  ),
  NODE_DEVICE_LOOKUP_SCSI_HOST_BY_WWN: proc(297, struct({ wwnn: str, wwpn: str, flags: u32 }), dev),
  NODE_DEVICE_DEFINE_XML: proc(428, xmlFlags, dev, HEAVY),
  NODE_DEVICE_UNDEFINE: proc(429, nameFlags, nothing, HEAVY),
  NODE_DEVICE_CREATE: proc(430, nameFlags, nothing, HEAVY),
  NODE_DEVICE_GET_AUTOSTART: proc(433, nameOnly, struct({ autostart: bool })),
  NODE_DEVICE_SET_AUTOSTART: proc(434, struct({ name: str, autostart: bool }), nothing),
  NODE_DEVICE_IS_PERSISTENT: proc(435, nameOnly, struct({ persistent: bool })),
  NODE_DEVICE_IS_ACTIVE: proc(436, nameOnly, struct({ active: bool })),
  NODE_DEVICE_UPDATE: proc(447, struct({ name: str, xml: str, flags: u32 }), nothing, HEAVY),
});

export const secret = procedures(Program.REMOTE, {
  SECRET_LOOKUP_BY_UUID: proc(141, struct({ uuid }), secretArgs),
  SECRET_DEFINE_XML: proc(142, xmlFlags, secretArgs, HEAVY),
  SECRET_GET_XML_DESC: proc(143, secretFlags, struct({ xml: str })),
  SECRET_SET_VALUE: proc(
    144,
    struct({ secret: secretHandle, value: opaque(65_536), flags: u32 }),
    nothing,
    HEAVY,
  ),
  SECRET_GET_VALUE: proc(145, secretFlags, struct({ value: opaque(65_536) })),
  SECRET_UNDEFINE: proc(146, secretArgs, nothing, HEAVY),
  SECRET_LOOKUP_BY_USAGE: proc(147, struct({ usageType: i32, usageID: str }), secretArgs),
  CONNECT_LIST_ALL_SECRETS: proc(287, listArgs, struct({ secrets: list(secretHandle), ret: u32 })),
});

const iface = struct({ iface: interfaceHandle });
const ifaceFlags = struct({ iface: interfaceHandle, flags: u32 });

/** Network interfaces of the host: only daemons built with netcf or udev know them. */
export const hostInterface = procedures(Program.REMOTE, {
  INTERFACE_LOOKUP_BY_NAME: proc(128, nameOnly, iface),
  INTERFACE_LOOKUP_BY_MAC_STRING: proc(129, struct({ mac: str }), iface),
  INTERFACE_GET_XML_DESC: proc(130, ifaceFlags, struct({ xml: str })),
  INTERFACE_DEFINE_XML: proc(131, xmlFlags, iface, HEAVY),
  INTERFACE_UNDEFINE: proc(132, iface, nothing, HEAVY),
  INTERFACE_CREATE: proc(133, ifaceFlags, nothing, HEAVY),
  INTERFACE_DESTROY: proc(134, ifaceFlags, nothing, HEAVY),
  INTERFACE_IS_ACTIVE: proc(156, iface, struct({ active: bool })),
  INTERFACE_CHANGE_BEGIN: proc(220, flagsOnly, nothing, HEAVY),
  INTERFACE_CHANGE_COMMIT: proc(221, flagsOnly, nothing, HEAVY),
  INTERFACE_CHANGE_ROLLBACK: proc(222, flagsOnly, nothing, HEAVY),
  CONNECT_LIST_ALL_INTERFACES: proc(
    284,
    listArgs,
    struct({ ifaces: list(interfaceHandle), ret: u32 }),
  ),
});
