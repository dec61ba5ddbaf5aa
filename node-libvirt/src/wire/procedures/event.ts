import { i32, nothing, nullable, str, struct, u32 } from '../../xdr/index.ts';
import { Program } from '../packet.ts';
import { proc, procedures } from '../procedure.ts';

const callback = struct({ callbackID: i32 });
/** No object means events of all: this client always asks for all and sorts by itself. */
const all = nullable(nothing);
const ask = struct({ eventID: i32, object: all });

/** Asking for events and no longer asking. */
export const eventRegistration = procedures(Program.REMOTE, {
  CONNECT_NETWORK_EVENT_REGISTER_ANY: proc(313, ask, callback),
  CONNECT_NETWORK_EVENT_DEREGISTER_ANY: proc(314, callback, nothing),
  CONNECT_DOMAIN_EVENT_CALLBACK_REGISTER_ANY: proc(316, ask, callback),
  CONNECT_DOMAIN_EVENT_CALLBACK_DEREGISTER_ANY: proc(317, callback, nothing),
  CONNECT_REGISTER_CLOSE_CALLBACK: proc(360, nothing, nothing),
  CONNECT_UNREGISTER_CLOSE_CALLBACK: proc(361, nothing, nothing),
  CONNECT_STORAGE_POOL_EVENT_REGISTER_ANY: proc(368, ask, callback),
  CONNECT_STORAGE_POOL_EVENT_DEREGISTER_ANY: proc(369, callback, nothing),
  CONNECT_NODE_DEVICE_EVENT_REGISTER_ANY: proc(374, ask, callback),
  CONNECT_NODE_DEVICE_EVENT_DEREGISTER_ANY: proc(375, callback, nothing),
  CONNECT_SECRET_EVENT_REGISTER_ANY: proc(380, ask, callback),
  CONNECT_SECRET_EVENT_DEREGISTER_ANY: proc(381, callback, nothing),
});

/** The same for what QEMU's own monitor tells. */
export const qemuEventRegistration = procedures(Program.QEMU, {
  CONNECT_DOMAIN_MONITOR_EVENT_REGISTER: proc(
    4,
    struct({ object: all, event: nullable(str), flags: u32 }),
    callback,
  ),
  CONNECT_DOMAIN_MONITOR_EVENT_DEREGISTER: proc(5, callback, nothing),
});
