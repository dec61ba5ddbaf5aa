import type { Rpc } from '../connection/rpc.ts';
import type {
  domainEvents,
  EventDefinition,
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

type Payload<D> = D extends EventDefinition<infer P> ? P : never;
/** A wire payload with the handle in it replaced by the object. */
type Event<P, Key extends string, Name extends string, Target> = Omit<P, 'callbackID' | Key> &
  Record<Name, Target>;

/** What each kind of domain event tells; `lifecycle` has DomainEventType and its detail. */
export type DomainEvents = {
  [K in keyof typeof domainEvents]: Event<
    Payload<(typeof domainEvents)[K]>,
    'dom',
    'domain',
    Domain
  >;
};
export type NetworkEvents = {
  [K in keyof typeof networkEvents]: Event<
    Payload<(typeof networkEvents)[K]>,
    'net',
    'network',
    Network
  >;
};
export type StoragePoolEvents = {
  [K in keyof typeof storagePoolEvents]: Event<
    Payload<(typeof storagePoolEvents)[K]>,
    'pool',
    'pool',
    StoragePool
  >;
};
export type NodeDeviceEvents = {
  [K in keyof typeof nodeDeviceEvents]: Event<
    Payload<(typeof nodeDeviceEvents)[K]>,
    'dev',
    'device',
    NodeDevice
  >;
};
export type SecretEvents = {
  [K in keyof typeof secretEvents]: Event<
    Payload<(typeof secretEvents)[K]>,
    'secret',
    'secret',
    Secret
  >;
};

/** The event as users see it, for a payload as it came in. */
export const present = {
  domain: <P extends { callbackID: number; dom: DomainHandle }>(
    rpc: Rpc,
    { callbackID: _, dom, ...rest }: P,
  ) => ({ ...rest, domain: new Domain(rpc, dom) }),
  network: <P extends { callbackID: number; net: NetworkHandle }>(
    rpc: Rpc,
    { callbackID: _, net, ...rest }: P,
  ) => ({ ...rest, network: new Network(rpc, net) }),
  storagePool: <P extends { callbackID: number; pool: StoragePoolHandle }>(
    rpc: Rpc,
    { callbackID: _, pool, ...rest }: P,
  ) => ({ ...rest, pool: new StoragePool(rpc, pool) }),
  nodeDevice: <P extends { callbackID: number; dev: NodeDeviceHandle }>(
    rpc: Rpc,
    { callbackID: _, dev, ...rest }: P,
  ) => ({ ...rest, device: new NodeDevice(rpc, dev) }),
  secret: <P extends { callbackID: number; secret: SecretHandle }>(
    rpc: Rpc,
    { callbackID: _, secret, ...rest }: P,
  ) => ({ ...rest, secret: new Secret(rpc, secret) }),
};
