import type { Rpc } from '../connection/rpc.ts';
import {
  connectionEvents,
  domainEvents,
  type EventDefinition,
  monitorEvents,
  networkEvents,
  nodeDeviceEvents,
  secretEvents,
  storagePoolEvents,
} from '../wire/events.ts';
import type {
  DomainHandle,
  NetworkHandle,
  NodeDeviceHandle,
  SecretHandle,
  StoragePoolHandle,
} from '../wire/handles.ts';
import { Domain } from './domain.ts';
import { Network } from './network.ts';
import { NodeDevice } from './node-device.ts';
import { Secret } from './secret.ts';
import { StoragePool } from './storage-pool.ts';

/** A family of events: its kinds, and which field holds a handle that users see as an object. */
interface Family<K, From extends string, To extends string, T> {
  readonly kinds: K;
  readonly from: From | null;
  readonly to: To | null;
  readonly wrap: (rpc: Rpc, handle: never) => T;
}

function family<K, From extends string, To extends string, T>(
  kinds: K,
  from: From,
  to: To,
  wrap: (rpc: Rpc, handle: never) => T,
): Family<K, From, To, T> {
  return { kinds, from, to, wrap };
}

function plain<K>(kinds: K): Family<K, never, never, never> {
  const wrap = (): never => {
    throw new TypeError('these events have no object');
  };
  return { kinds, from: null, to: null, wrap };
}

const toDomain = (rpc: Rpc, handle: DomainHandle) => new Domain(rpc, handle);

/** Every family of events there is. */
const families = {
  domain: family(domainEvents, 'dom', 'domain', toDomain),
  network: family(
    networkEvents,
    'net',
    'network',
    (rpc, handle: NetworkHandle) => new Network(rpc, handle),
  ),
  storagePool: family(
    storagePoolEvents,
    'pool',
    'pool',
    (rpc, handle: StoragePoolHandle) => new StoragePool(rpc, handle),
  ),
  nodeDevice: family(
    nodeDeviceEvents,
    'dev',
    'device',
    (rpc, handle: NodeDeviceHandle) => new NodeDevice(rpc, handle),
  ),
  secret: family(
    secretEvents,
    'secret',
    'secret',
    (rpc, handle: SecretHandle) => new Secret(rpc, handle),
  ),
  monitor: family(monitorEvents, 'dom', 'domain', toDomain),
  connection: plain(connectionEvents),
};

type Payload<D> = D extends EventDefinition<infer P> ? P : never;
type EventsOf<F> =
  F extends Family<infer K, infer From, infer To, infer T>
    ? { [Kind in keyof K]: Omit<Payload<K[Kind]>, 'callbackID' | From> & Record<To, T> }
    : never;

/** What each kind of event of each family tells. */
export type EventMap = { [F in keyof typeof families]: EventsOf<(typeof families)[F]> };
/** Of domains; `lifecycle` has DomainEventType and its detail. */
export type DomainEvents = EventMap['domain'];
/** Of networks; `lifecycle` has NetworkEventType. */
export type NetworkEvents = EventMap['network'];
/** Of storage pools; `lifecycle` has StoragePoolEventType. */
export type StoragePoolEvents = EventMap['storagePool'];
/** Of devices of the host; `lifecycle` has NodeDeviceEventType. */
export type NodeDeviceEvents = EventMap['nodeDevice'];
/** Of secrets; `lifecycle` has SecretEventType. */
export type SecretEvents = EventMap['secret'];
/** QEMU's own events by their QMP name; `details` is JSON. */
export type MonitorEvents = EventMap['monitor'];
/** The daemon's own connection to its hypervisor; `reason` is ConnectionCloseReason. */
export type ConnectionEvents = EventMap['connection'];

type Fields = Readonly<Record<string, unknown>>;

/** What to ask the daemon for, and how a payload of it becomes the event that users see. */
export function eventSource<F extends keyof EventMap, K extends keyof EventMap[F]>(
  name: F,
  kind: K,
): { definition: EventDefinition<Fields>; present: (rpc: Rpc, payload: Fields) => EventMap[F][K] } {
  const { kinds, from, to, wrap }: Family<object, string, string, unknown> = families[name];
  // Which event a kind yields is fixed by the table; TypeScript cannot follow the indexed access.
  const definition = kinds[kind as keyof typeof kinds] as EventDefinition<Fields>;
  return {
    definition,
    present: (rpc, { callbackID: _, ...fields }) => {
      if (from === null || to === null) return fields as EventMap[F][K];
      const { [from]: handle, ...rest } = fields;
      return { ...rest, [to]: wrap(rpc, handle as never) } as EventMap[F][K];
    },
  };
}
