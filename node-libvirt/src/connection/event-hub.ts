import type { EventDefinition, EventFamily } from '../wire/events.ts';
import { type Packet, Program } from '../wire/packet.ts';
import { decodePayload, type Procedure } from '../wire/procedure.ts';
import { eventRegistration as p } from '../wire/procedures/event.ts';
import type { CallOptions } from './call-options.ts';
import { ConnectionClosedError } from './errors.ts';
import { Listeners } from './listeners.ts';

/** Sends a call on the control channel, whose events belong to it. */
type ControlCall = <A, R>(procedure: Procedure<A, R>, args: A, options?: CallOptions) => Promise<R>;

/** Ends a subscription; the last one of its kind also tells the daemon. */
export type Unsubscribe = () => Promise<void>;

type RegisterArgs = { eventID: number; object: null };
interface Registrar {
  readonly register: (
    call: ControlCall,
    args: RegisterArgs,
    options?: CallOptions,
  ) => Promise<{ callbackID: number }>;
  readonly deregister: Procedure<{ callbackID: number }, undefined>;
}

const REGISTRARS: Readonly<Record<EventFamily, Registrar>> = {
  domain: {
    register: (call, args, o) => call(p.CONNECT_DOMAIN_EVENT_CALLBACK_REGISTER_ANY, args, o),
    deregister: p.CONNECT_DOMAIN_EVENT_CALLBACK_DEREGISTER_ANY,
  },
  network: {
    register: (call, args, o) => call(p.CONNECT_NETWORK_EVENT_REGISTER_ANY, args, o),
    deregister: p.CONNECT_NETWORK_EVENT_DEREGISTER_ANY,
  },
  storagePool: {
    register: (call, args, o) => call(p.CONNECT_STORAGE_POOL_EVENT_REGISTER_ANY, args, o),
    deregister: p.CONNECT_STORAGE_POOL_EVENT_DEREGISTER_ANY,
  },
  nodeDevice: {
    register: (call, args, o) => call(p.CONNECT_NODE_DEVICE_EVENT_REGISTER_ANY, args, o),
    deregister: p.CONNECT_NODE_DEVICE_EVENT_DEREGISTER_ANY,
  },
  secret: {
    register: (call, args, o) => call(p.CONNECT_SECRET_EVENT_REGISTER_ANY, args, o),
    deregister: p.CONNECT_SECRET_EVENT_DEREGISTER_ANY,
  },
};

/** All listeners of one kind of event, behind one registration with the daemon. */
class Topic {
  readonly definition: EventDefinition<unknown>;
  readonly listeners = new Listeners<unknown>();
  #callbackID: number | null = null;
  /** Changes of the registration, one after the other. */
  #tail: Promise<unknown> = Promise.resolve();

  constructor(definition: EventDefinition<unknown>) {
    this.definition = definition;
  }

  /** Makes the registration agree with whether anybody listens. */
  settle(call: ControlCall, options?: CallOptions): Promise<void> {
    const next = this.#tail.then(() => this.#settle(call, options));
    this.#tail = next.catch(() => undefined);
    return next;
  }

  /** The daemon that knew the registration is gone. */
  forget(): void {
    this.#callbackID = null;
  }

  async #settle(call: ControlCall, options?: CallOptions): Promise<void> {
    const registrar = REGISTRARS[this.definition.family];
    const wanted = this.listeners.size > 0;
    if (wanted && this.#callbackID === null) {
      const args = { eventID: this.definition.eventID, object: null };
      const { callbackID } = await registrar.register(call, args, options);
      this.#callbackID = callbackID;
    } else if (!wanted && this.#callbackID !== null) {
      const callbackID = this.#callbackID;
      this.#callbackID = null;
      await call(registrar.deregister, { callbackID }, options);
    }
  }
}

/**
 * Fans events out. The daemon refuses a second registration of the same kind on one connection, so
 * each kind is asked for once, for all objects, and shared here.
 */
export class EventHub {
  readonly #call: ControlCall;
  readonly #topics = new Map<number, Topic>();

  constructor(call: ControlCall) {
    this.#call = call;
  }

  async subscribe<T>(
    definition: EventDefinition<T>,
    listener: (payload: T) => void,
    options?: CallOptions,
  ): Promise<Unsubscribe> {
    const topic = this.#topic(definition);
    // The topic's codec is the definition's, so what it yields is T.
    const remove = topic.listeners.add((payload) => listener(payload as T));
    try {
      await topic.settle(this.#call, options);
    } catch (error) {
      remove();
      throw error;
    }
    return async () => {
      if (!remove()) return;
      await topic.settle(this.#call).catch((error: unknown) => {
        if (!(error instanceof ConnectionClosedError)) throw error;
      });
    };
  }

  /** Asks a new daemon for everything that is listened to. */
  async reregister(call: ControlCall): Promise<void> {
    for (const topic of this.#topics.values()) {
      topic.forget();
      await topic.settle(call);
    }
  }

  /** @throws ProtocolError when the payload cannot be read. */
  dispatch(packet: Packet): void {
    if (packet.program !== Program.REMOTE) return;
    const topic = this.#topics.get(packet.procedure);
    if (topic === undefined || topic.listeners.size === 0) return;
    const { payload } = topic.definition;
    const event = decodePayload(payload, packet.payload, `event ${packet.procedure}`);
    topic.listeners.emit(event);
  }

  #topic<T>(definition: EventDefinition<T>): Topic {
    const known = this.#topics.get(definition.message);
    if (known !== undefined) return known;
    const topic = new Topic(definition);
    this.#topics.set(definition.message, topic);
    return topic;
  }
}
