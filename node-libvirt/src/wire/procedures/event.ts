import { i32, nothing, nullable, struct } from '../../xdr/index.ts';
import {
  domainHandle,
  networkHandle,
  nodeDeviceHandle,
  secretHandle,
  storagePoolHandle,
} from '../handles.ts';
import { Program } from '../packet.ts';
import { proc, procedures } from '../procedure.ts';

const callback = struct({ callbackID: i32 });

/** Asking for events and no longer asking. A null object means all of them. */
export const eventRegistration = procedures(Program.REMOTE, {
  CONNECT_NETWORK_EVENT_REGISTER_ANY: proc(
    313,
    struct({ eventID: i32, object: nullable(networkHandle) }),
    callback,
  ),
  CONNECT_NETWORK_EVENT_DEREGISTER_ANY: proc(314, callback, nothing),
  CONNECT_DOMAIN_EVENT_CALLBACK_REGISTER_ANY: proc(
    316,
    struct({ eventID: i32, object: nullable(domainHandle) }),
    callback,
  ),
  CONNECT_DOMAIN_EVENT_CALLBACK_DEREGISTER_ANY: proc(317, callback, nothing),
  CONNECT_STORAGE_POOL_EVENT_REGISTER_ANY: proc(
    368,
    struct({ eventID: i32, object: nullable(storagePoolHandle) }),
    callback,
  ),
  CONNECT_STORAGE_POOL_EVENT_DEREGISTER_ANY: proc(369, callback, nothing),
  CONNECT_NODE_DEVICE_EVENT_REGISTER_ANY: proc(
    374,
    struct({ eventID: i32, object: nullable(nodeDeviceHandle) }),
    callback,
  ),
  CONNECT_NODE_DEVICE_EVENT_DEREGISTER_ANY: proc(375, callback, nothing),
  CONNECT_SECRET_EVENT_REGISTER_ANY: proc(
    380,
    struct({ eventID: i32, object: nullable(secretHandle) }),
    callback,
  ),
  CONNECT_SECRET_EVENT_DEREGISTER_ANY: proc(381, callback, nothing),
});
