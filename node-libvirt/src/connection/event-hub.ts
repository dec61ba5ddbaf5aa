import type { EventDefinition } from '../wire/events.ts';
import type { Packet } from '../wire/packet.ts';
import { decodePayload, type Procedure } from '../wire/procedure.ts';
import type { CallOptions } from './call-options.ts';
import { ConnectionClosedError } from './errors.ts';
import { Listeners } from './listeners.ts';
import { within } from './within.ts';

/** Sends a call on the control channel, whose events belong to it. */
type ControlCall = <A, R>(procedure: Procedure<A, R>, args: A, options?: CallOptions) => Promise<R>;

/** Ends a subscription; the last one of its kind also tells the daemon. */
export type Unsubscribe = () => Promise<void>;

/** All listeners of one kind of event, behind one registration with the daemon. */
class Topic {
  readonly definition: EventDefinition<unknown>;
  readonly listeners = new Listeners<unknown>();
  /** What the daemon answered to the registration; null while there is none. */
  #registered: { readonly answer: unknown } | null = null;
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
    this.#registered = null;
  }

  async #settle(call: ControlCall, options?: CallOptions): Promise<void> {
    const { register, deregister, args } = this.definition;
    const wanted = this.listeners.size > 0;
    if (wanted && this.#registered === null) {
      this.#registered = { answer: await call(register, args, options) };
    } else if (!wanted && this.#registered !== null) {
      const { answer } = this.#registered;
      this.#registered = null;
      await call(deregister, answer, options);
    }
  }
}

/**
 * Fans events out. The daemon refuses a second registration of the same kind on one connection, so
 * each kind is asked for once, for all objects, and shared here.
 */
export class EventHub {
  readonly #call: ControlCall;
  readonly #topics = new Map<string, Topic>();

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
      options?.signal?.throwIfAborted();
      // No timeout of its own: the daemon refuses to register what it has registered already, so
      // an answer that comes too late for this listener must still be heard.
      await within(topic.settle(this.#call, { timeoutMs: 0 }), 'asking for events', options);
    } catch (error) {
      remove();
      void topic.settle(this.#call).catch(() => undefined);
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
    const topic = this.#topics.get(`${packet.program}:${packet.procedure}`);
    if (topic === undefined || topic.listeners.size === 0) return;
    const { payload } = topic.definition;
    const event = decodePayload(payload, packet.payload, `event ${packet.procedure}`);
    topic.listeners.emit(event);
  }

  #topic<T>(definition: EventDefinition<T>): Topic {
    const key = `${definition.program}:${definition.message}`;
    const known = this.#topics.get(key);
    if (known !== undefined) return known;
    const topic = new Topic(definition);
    this.#topics.set(key, topic);
    return topic;
  }
}
