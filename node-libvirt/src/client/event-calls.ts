import type { CallOptions } from '../connection/call-options.ts';
import type { Unsubscribe } from '../connection/event-hub.ts';
import { DeviceCalls } from './device-calls.ts';
import { EventQueue } from './event-queue.ts';
import {
  type DomainEvents,
  type EventMap,
  eventSource,
  type MonitorEvents,
  type NetworkEvents,
  type NodeDeviceEvents,
  type SecretEvents,
  type StoragePoolEvents,
} from './events.ts';

/** Events of a connection, by listener or by iteration. */
export abstract class EventCalls extends DeviceCalls {
  /**
   * Listens to one kind of event of all objects of a family. Resolves when the daemon has begun to
   * send them, with the function that ends it. A listener must not throw.
   *
   * @throws LibvirtError `isNotSupported` where the driver has no such events.
   */
  on<F extends keyof EventMap, K extends keyof EventMap[F]>(
    family: F,
    kind: K,
    listener: (event: EventMap[F][K]) => void,
    options?: CallOptions,
  ): Promise<Unsubscribe> {
    const { definition, present } = eventSource(family, kind);
    const emit = (payload: Parameters<typeof present>[1]) => listener(present(this.rpc, payload));
    return this.rpc.subscribe(definition, emit, options);
  }

  /**
   * The same events as an iteration, which begins at its first step and ends with `break`, with the
   * signal (rejecting with its reason) or with the connection (rejecting with ConnectionClosedError,
   * except after `close`). A reader that falls 10,000 events behind is told so by EventOverflowError.
   */
  async *events<F extends keyof EventMap, K extends keyof EventMap[F]>(
    family: F,
    kind: K,
    options: CallOptions = {},
  ): AsyncGenerator<EventMap[F][K], void, undefined> {
    const queue = new EventQueue<EventMap[F][K]>();
    const stop = await this.on(family, kind, (event) => queue.push(event), options);
    const onAbort = (): void => queue.end({ error: options.signal?.reason });
    options.signal?.addEventListener('abort', onAbort, { once: true });
    if (options.signal?.aborted) onAbort();
    void this.rpc.closed.then((error) => queue.end(error === null ? null : { error }));
    try {
      yield* queue;
    } finally {
      options.signal?.removeEventListener('abort', onAbort);
      await stop();
    }
  }

  /** Domain events of all domains. Resolves when the daemon has begun to send them. */
  onDomainEvent<K extends keyof DomainEvents>(
    kind: K,
    listener: (event: DomainEvents[K]) => void,
    options?: CallOptions,
  ): Promise<Unsubscribe> {
    return this.on('domain', kind, listener, options);
  }

  /** Events of all virtual networks. Since libvirt 1.2.1. */
  onNetworkEvent<K extends keyof NetworkEvents>(
    kind: K,
    listener: (event: NetworkEvents[K]) => void,
    options?: CallOptions,
  ): Promise<Unsubscribe> {
    return this.on('network', kind, listener, options);
  }

  /** Events of all storage pools. Since libvirt 2.0.0. */
  onStoragePoolEvent<K extends keyof StoragePoolEvents>(
    kind: K,
    listener: (event: StoragePoolEvents[K]) => void,
    options?: CallOptions,
  ): Promise<Unsubscribe> {
    return this.on('storagePool', kind, listener, options);
  }

  /** Events of all devices of the host. Since libvirt 2.2.0. */
  onNodeDeviceEvent<K extends keyof NodeDeviceEvents>(
    kind: K,
    listener: (event: NodeDeviceEvents[K]) => void,
    options?: CallOptions,
  ): Promise<Unsubscribe> {
    return this.on('nodeDevice', kind, listener, options);
  }

  /** Events of all secrets. Since libvirt 3.0.0. */
  onSecretEvent<K extends keyof SecretEvents>(
    kind: K,
    listener: (event: SecretEvents[K]) => void,
    options?: CallOptions,
  ): Promise<Unsubscribe> {
    return this.on('secret', kind, listener, options);
  }

  /**
   * Every event of QEMU's own monitor (virConnectDomainQemuMonitorEventRegister), for debugging:
   * libvirt gives no promise about them. Since libvirt 1.2.3.
   */
  onQemuMonitorEvent(
    listener: (event: MonitorEvents['any']) => void,
    options?: CallOptions,
  ): Promise<Unsubscribe> {
    return this.on('monitor', 'any', listener, options);
  }

  /**
   * The daemon has lost its own connection to the hypervisor (virConnectRegisterCloseCallback);
   * `reason` is ConnectionCloseReason. For the connection to the daemon see `onClose`.
   */
  onConnectionClosed(
    listener: (event: { readonly reason: number }) => void,
    options?: CallOptions,
  ): Promise<Unsubscribe> {
    return this.on('connection', 'closed', listener, options);
  }
}
