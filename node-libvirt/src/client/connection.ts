import type { CallOptions } from '../connection/call-options.ts';
import type { Unsubscribe } from '../connection/event-hub.ts';
import type { RpcConnection } from '../connection/rpc-connection.ts';
import type { EventDefinition } from '../wire/events.ts';
import {
  domainEvents,
  networkEvents,
  nodeDeviceEvents,
  secretEvents,
  storagePoolEvents,
} from '../wire/events.ts';
import { DeviceCalls } from './device-calls.ts';
import {
  type DomainEvents,
  type NetworkEvents,
  type NodeDeviceEvents,
  present,
  type SecretEvents,
  type StoragePoolEvents,
} from './events.ts';

/** A connection to a libvirt daemon; made by `connect`. */
export class Connection extends DeviceCalls {
  /** The URI it was opened with. */
  readonly uri: string;

  constructor(rpc: RpcConnection, uri: string) {
    super(rpc);
    this.uri = uri;
  }

  /** Whether calls can be made just now. */
  get isAlive(): boolean {
    return this.rpc.isAlive;
  }

  /** Resolves when the connection is over for good: null after {@link close}, else the reason. */
  get closed(): Promise<Error | null> {
    return this.rpc.closed;
  }

  /** Like {@link closed}, as a callback. Returns the function that takes it away again. */
  onClose(listener: (reason: Error | null) => void): () => void {
    let wanted = true;
    void this.closed.then((reason) => wanted && listener(reason));
    return () => {
      wanted = false;
    };
  }

  /** The daemon is gone; with `reconnect` attempts to get back begin now. */
  onDisconnected(listener: (reason: Error) => void): () => boolean {
    return this.rpc.disconnected.add(listener);
  }

  /** Back again, events asked for again. What happened meanwhile was missed: list again. */
  onReconnected(listener: () => void): () => boolean {
    return this.rpc.reconnected.add(listener);
  }

  /** Ends the connection; calls and streams under way fail. Safe to call more than once. */
  close(): Promise<void> {
    return this.rpc.close();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  /** Domain events of all domains. Resolves when the daemon has begun to send them. */
  onDomainEvent<K extends keyof DomainEvents>(
    kind: K,
    listener: (event: DomainEvents[K]) => void,
    options?: CallOptions,
  ): Promise<Unsubscribe> {
    return this.#listen(domainEvents[kind], present.domain, listener, options);
  }

  onNetworkEvent<K extends keyof NetworkEvents>(
    kind: K,
    listener: (event: NetworkEvents[K]) => void,
    options?: CallOptions,
  ): Promise<Unsubscribe> {
    return this.#listen(networkEvents[kind], present.network, listener, options);
  }

  onStoragePoolEvent<K extends keyof StoragePoolEvents>(
    kind: K,
    listener: (event: StoragePoolEvents[K]) => void,
    options?: CallOptions,
  ): Promise<Unsubscribe> {
    return this.#listen(storagePoolEvents[kind], present.storagePool, listener, options);
  }

  onNodeDeviceEvent<K extends keyof NodeDeviceEvents>(
    kind: K,
    listener: (event: NodeDeviceEvents[K]) => void,
    options?: CallOptions,
  ): Promise<Unsubscribe> {
    return this.#listen(nodeDeviceEvents[kind], present.nodeDevice, listener, options);
  }

  onSecretEvent<K extends keyof SecretEvents>(
    kind: K,
    listener: (event: SecretEvents[K]) => void,
    options?: CallOptions,
  ): Promise<Unsubscribe> {
    return this.#listen(secretEvents[kind], present.secret, listener, options);
  }

  #listen<P, E>(
    definition: EventDefinition<P>,
    toEvent: (rpc: RpcConnection, payload: P) => unknown,
    listener: (event: E) => void,
    options?: CallOptions,
  ): Promise<Unsubscribe> {
    // Which event a kind yields is fixed by the table; TypeScript cannot follow the indexed access.
    const emit = (payload: P): void => listener(toEvent(this.rpc, payload) as E);
    return this.rpc.subscribe(definition, emit, options);
  }
}
