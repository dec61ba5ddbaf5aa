import {
  bool,
  i32,
  i64n,
  list,
  nothing,
  nullable,
  str,
  struct,
  u32,
  uuid,
} from '../../xdr/index.ts';
import {
  networkHandle as N,
  nwFilterBindingHandle,
  nwFilterHandle,
  networkPortHandle as Port,
} from '../handles.ts';
import { Program } from '../packet.ts';
import { proc, procedures } from '../procedure.ts';
import { countedValues, HEAVY, listArgs, nameOnly, params, xmlFlags, xmlOnly } from './common.ts';

const net = struct({ net: N });
const netFlags = struct({ net: N, flags: u32 });
const port = struct({ port: Port });
const portFlags = struct({ port: Port, flags: u32 });
const nwfilter = struct({ nwfilter: nwFilterHandle });
const binding = struct({ binding: nwFilterBindingHandle });

const lease = struct({
  iface: str,
  expiryTime: i64n,
  type: i32,
  mac: nullable(str),
  iaid: nullable(str),
  ipaddr: str,
  prefix: u32,
  hostname: nullable(str),
  clientid: nullable(str),
});

/** Virtual networks. */
export const network = procedures(Program.REMOTE, {
  NETWORK_CREATE: proc(39, net, nothing, HEAVY),
  NETWORK_CREATE_XML: proc(40, xmlOnly, net, HEAVY),
  NETWORK_DEFINE_XML: proc(41, xmlOnly, net, HEAVY),
  NETWORK_DESTROY: proc(42, net, nothing, HEAVY),
  NETWORK_GET_XML_DESC: proc(43, netFlags, struct({ xml: str })),
  NETWORK_GET_AUTOSTART: proc(44, net, struct({ autostart: bool })),
  NETWORK_GET_BRIDGE_NAME: proc(45, net, struct({ name: str })),
  NETWORK_LOOKUP_BY_NAME: proc(46, nameOnly, net),
  NETWORK_LOOKUP_BY_UUID: proc(47, struct({ uuid }), net),
  NETWORK_SET_AUTOSTART: proc(48, struct({ net: N, autostart: bool }), nothing, HEAVY),
  NETWORK_UNDEFINE: proc(49, net, nothing, HEAVY),
  NETWORK_IS_ACTIVE: proc(152, net, struct({ active: bool })),
  NETWORK_IS_PERSISTENT: proc(153, net, struct({ persistent: bool })),
  CONNECT_LIST_ALL_NETWORKS: proc(283, listArgs, struct({ nets: list(N), ret: u32 })),
  NETWORK_UPDATE: proc(
    291,
    struct({ net: N, command: u32, section: u32, parentIndex: i32, xml: str, flags: u32 }),
    nothing,
    HEAVY,
  ),
  NETWORK_GET_DHCP_LEASES: proc(
    341,
    struct({ net: N, mac: nullable(str), needResults: bool, flags: u32 }),
    struct({ leases: list(lease, 65_536), ret: u32 }),
  ),
  NETWORK_LIST_ALL_PORTS: proc(
    404,
    struct({ net: N, needResults: bool, flags: u32 }),
    struct({ ports: list(Port), ret: u32 }),
  ),
  NETWORK_PORT_LOOKUP_BY_UUID: proc(405, struct({ net: N, uuid }), port),
  NETWORK_PORT_CREATE_XML: proc(406, struct({ net: N, xml: str, flags: u32 }), port, HEAVY),
  NETWORK_PORT_GET_PARAMETERS: proc(
    407,
    struct({ port: Port, nparams: i32, flags: u32 }),
    countedValues(16),
  ),
  NETWORK_PORT_SET_PARAMETERS: proc(
    408,
    struct({ port: Port, params: params(16), flags: u32 }),
    nothing,
    HEAVY,
  ),
  NETWORK_PORT_GET_XML_DESC: proc(409, portFlags, struct({ xml: str })),
  NETWORK_PORT_DELETE: proc(410, portFlags, nothing, HEAVY),
  NETWORK_DEFINE_XML_FLAGS: proc(432, xmlFlags, net, HEAVY),
  NETWORK_CREATE_XML_FLAGS: proc(437, xmlFlags, net, HEAVY),
  NETWORK_SET_METADATA: proc(
    444,
    struct({
      net: N,
      type: i32,
      metadata: nullable(str),
      key: nullable(str),
      uri: nullable(str),
      flags: u32,
    }),
    nothing,
    HEAVY,
  ),
  NETWORK_GET_METADATA: proc(
    445,
    struct({ net: N, type: i32, uri: nullable(str), flags: u32 }),
    struct({ metadata: str }),
  ),
});

/** Network filters and their bindings to guest interfaces. */
export const nwFilter = procedures(Program.REMOTE, {
  NWFILTER_LOOKUP_BY_NAME: proc(175, nameOnly, nwfilter),
  NWFILTER_LOOKUP_BY_UUID: proc(176, struct({ uuid }), nwfilter),
  NWFILTER_GET_XML_DESC: proc(
    177,
    struct({ nwfilter: nwFilterHandle, flags: u32 }),
    struct({ xml: str }),
  ),
  NWFILTER_DEFINE_XML: proc(180, xmlOnly, nwfilter, HEAVY),
  NWFILTER_UNDEFINE: proc(181, nwfilter, nothing, HEAVY),
  CONNECT_LIST_ALL_NWFILTERS: proc(
    286,
    listArgs,
    struct({ filters: list(nwFilterHandle), ret: u32 }),
  ),
  NWFILTER_BINDING_LOOKUP_BY_PORT_DEV: proc(397, nameOnly, binding),
  NWFILTER_BINDING_GET_XML_DESC: proc(
    398,
    struct({ binding: nwFilterBindingHandle, flags: u32 }),
    struct({ xml: str }),
  ),
  NWFILTER_BINDING_CREATE_XML: proc(399, xmlFlags, binding, HEAVY),
  NWFILTER_BINDING_DELETE: proc(400, binding, nothing, HEAVY),
  CONNECT_LIST_ALL_NWFILTER_BINDINGS: proc(
    401,
    listArgs,
    struct({ bindings: list(nwFilterBindingHandle), ret: u32 }),
  ),
  NWFILTER_DEFINE_XML_FLAGS: proc(431, xmlFlags, nwfilter, HEAVY),
});
