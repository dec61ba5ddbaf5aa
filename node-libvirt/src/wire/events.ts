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

export type EventFamily = 'domain' | 'network' | 'storagePool' | 'nodeDevice' | 'secret';

/** One kind of event: what to ask for, and what then arrives. */
export interface EventDefinition<T> {
  readonly family: EventFamily;
  /** The id asked for when registering. */
  readonly eventID: number;
  /** The procedure number of the messages. */
  readonly message: number;
  readonly payload: Codec<T>;
}

type Payload = Readonly<Record<string, Codec<unknown>>>;

function event<const P extends Payload>(
  family: EventFamily,
  eventID: number,
  message: number,
  payload: P,
) {
  return { family, eventID, message, payload: struct({ callbackID: i32, ...payload }) };
}

const onDomain = <const P extends Payload>(eventID: number, message: number, payload: P) =>
  event('domain', eventID, message, { dom: domainHandle, ...payload });

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
  'pm-wakeup': event('domain', 11, 329, pm),
  'pm-suspend': event('domain', 12, 330, pm),
  'balloon-change': onDomain(13, 331, { actual: u64n }),
  'pm-suspend-disk': event('domain', 14, 332, pm),
  'device-removed': onDomain(15, 333, { devAlias: str }),
  'block-job': onDomain(16, 339, { dst: str, type: i32, status: i32 }),
  tunable: onDomain(17, 346, { params: typedValues(2048) }),
  'agent-lifecycle': onDomain(18, 348, { state: i32, reason: i32 }),
  'device-added': onDomain(19, 354, { devAlias: str }),
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
};

const change = { event: i32, detail: i32 };

export const networkEvents = {
  lifecycle: event('network', 0, 315, { net: networkHandle, ...change }),
};
export const storagePoolEvents = {
  lifecycle: event('storagePool', 0, 370, { pool: storagePoolHandle, ...change }),
  refresh: event('storagePool', 1, 373, { pool: storagePoolHandle }),
};
export const nodeDeviceEvents = {
  lifecycle: event('nodeDevice', 0, 376, { dev: nodeDeviceHandle, ...change }),
  update: event('nodeDevice', 1, 377, { dev: nodeDeviceHandle }),
};
export const secretEvents = {
  lifecycle: event('secret', 0, 382, { secret: secretHandle, ...change }),
  'value-changed': event('secret', 1, 383, { secret: secretHandle }),
};
