import {
  type Codec,
  i32,
  i64n,
  list,
  nullable,
  str,
  struct,
  typedValues,
  u32,
  u64n,
} from '../xdr/index.ts';
import {
  domainHandle,
  networkHandle,
  nodeDeviceHandle,
  secretHandle,
  storagePoolHandle,
} from './handles.ts';
import { Program } from './packet.ts';
import type { Procedure } from './procedure.ts';
import { eventRegistration as p, qemuEventRegistration as q } from './procedures/event.ts';

/** How a family of events is asked for, and what ends that: it takes what the first one answered. */
interface Registration {
  readonly register: Procedure<unknown, unknown>;
  readonly deregister: Procedure<unknown, unknown>;
}

/** One kind of event: what to ask for, and what then arrives. */
export interface EventDefinition<T> extends Registration {
  /** The arguments of `register`. */
  readonly args: unknown;
  /** Program and procedure number of the messages. */
  readonly program: number;
  readonly message: number;
  readonly payload: Codec<T>;
}

type Payload = Readonly<Record<string, Codec<unknown>>>;

/** Makes the kinds of one family, which differ in the id asked for and in what arrives. */
function kindsOf({ register, deregister }: Registration) {
  return <const P extends Payload>(eventID: number, message: number, payload: P) => ({
    register,
    deregister,
    args: { eventID, object: null },
    program: Program.REMOTE,
    message,
    payload: struct({ callbackID: i32, ...payload }),
  });
}

const onDomains = kindsOf({
  register: p.CONNECT_DOMAIN_EVENT_CALLBACK_REGISTER_ANY,
  deregister: p.CONNECT_DOMAIN_EVENT_CALLBACK_DEREGISTER_ANY,
});
const onDomain = <const P extends Payload>(eventID: number, message: number, payload: P) =>
  onDomains(eventID, message, { dom: domainHandle, ...payload });
const onNetwork = kindsOf({
  register: p.CONNECT_NETWORK_EVENT_REGISTER_ANY,
  deregister: p.CONNECT_NETWORK_EVENT_DEREGISTER_ANY,
});
const onStoragePool = kindsOf({
  register: p.CONNECT_STORAGE_POOL_EVENT_REGISTER_ANY,
  deregister: p.CONNECT_STORAGE_POOL_EVENT_DEREGISTER_ANY,
});
const onNodeDevice = kindsOf({
  register: p.CONNECT_NODE_DEVICE_EVENT_REGISTER_ANY,
  deregister: p.CONNECT_NODE_DEVICE_EVENT_DEREGISTER_ANY,
});
const onSecret = kindsOf({
  register: p.CONNECT_SECRET_EVENT_REGISTER_ANY,
  deregister: p.CONNECT_SECRET_EVENT_DEREGISTER_ANY,
});

const graphicsAddress = struct({ family: i32, node: str, service: str });
/** Power-management events put their reason before the domain. */
const pm = { reason: i32, dom: domainHandle };

export const domainEvents = {
  lifecycle: onDomain(0, 318, { event: i32, detail: i32 }),
  reboot: onDomain(1, 319, {}),
  'rtc-change': onDomain(2, 320, { offset: i64n }),
  watchdog: onDomain(3, 321, { action: i32 }),
  graphics: onDomain(5, 323, {
    phase: i32,
    local: graphicsAddress,
    remote: graphicsAddress,
    authScheme: str,
    subject: list(struct({ type: str, name: str }), 20),
  }),
  'io-error': onDomain(6, 324, { srcPath: str, devAlias: str, action: i32, reason: str }),
  'control-error': onDomain(7, 325, {}),
  'disk-change': onDomain(9, 327, {
    oldSrcPath: nullable(str),
    newSrcPath: nullable(str),
    devAlias: str,
    reason: i32,
  }),
  'tray-change': onDomain(10, 328, { devAlias: str, reason: i32 }),
  'pm-wakeup': onDomains(11, 329, pm),
  'pm-suspend': onDomains(12, 330, pm),
  'balloon-change': onDomain(13, 331, { actual: u64n }),
  'pm-suspend-disk': onDomains(14, 332, pm),
  'device-removed': onDomain(15, 333, { devAlias: str }),
  'block-job': onDomain(16, 339, { dst: str, type: i32, status: i32 }),
  tunable: onDomain(17, 346, { params: typedValues(2048) }),
  'agent-lifecycle': onDomain(18, 348, { state: i32, reason: i32 }),
  'device-added': onDomain(19, 354, { devAlias: str }),
  'migration-iteration': onDomain(20, 359, { iteration: i32 }),
  'job-completed': onDomain(21, 363, { params: typedValues(64) }),
  'device-removal-failed': onDomain(22, 367, { devAlias: str }),
  'metadata-change': onDomain(23, 379, { type: i32, nsuri: nullable(str) }),
  'block-threshold': onDomain(24, 385, {
    dev: str,
    path: nullable(str),
    threshold: u64n,
    excess: u64n,
  }),
  'memory-failure': onDomain(25, 423, { recipient: i32, action: i32, flags: u32 }),
  'memory-device-size-change': onDomain(26, 438, { alias: str, size: u64n }),
  'nic-mac-change': onDomain(27, 453, { alias: str, oldMAC: str, newMAC: str }),
};

const change = { event: i32, detail: i32 };

export const networkEvents = {
  lifecycle: onNetwork(0, 315, { net: networkHandle, ...change }),
  'metadata-change': onNetwork(1, 446, { net: networkHandle, type: i32, nsuri: nullable(str) }),
};
export const storagePoolEvents = {
  lifecycle: onStoragePool(0, 370, { pool: storagePoolHandle, ...change }),
  refresh: onStoragePool(1, 373, { pool: storagePoolHandle }),
};
export const nodeDeviceEvents = {
  lifecycle: onNodeDevice(0, 376, { dev: nodeDeviceHandle, ...change }),
  update: onNodeDevice(1, 377, { dev: nodeDeviceHandle }),
};
export const secretEvents = {
  lifecycle: onSecret(0, 382, { secret: secretHandle, ...change }),
  'value-changed': onSecret(1, 383, { secret: secretHandle }),
};

/** What the daemon tells about its own connection to the hypervisor. */
export const connectionEvents = {
  closed: {
    register: p.CONNECT_REGISTER_CLOSE_CALLBACK,
    deregister: p.CONNECT_UNREGISTER_CLOSE_CALLBACK,
    args: undefined,
    program: Program.REMOTE,
    message: 362,
    payload: struct({ reason: i32 }),
  },
};

/** QEMU's own events, as they come. */
export const monitorEvents = {
  any: {
    register: q.CONNECT_DOMAIN_MONITOR_EVENT_REGISTER,
    deregister: q.CONNECT_DOMAIN_MONITOR_EVENT_DEREGISTER,
    args: { object: null, event: null, flags: 0 },
    program: Program.QEMU,
    message: 6,
    payload: struct({
      callbackID: i32,
      dom: domainHandle,
      event: str,
      seconds: i64n,
      micros: u32,
      details: nullable(str),
    }),
  },
};
