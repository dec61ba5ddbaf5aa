import {
  AgentLifecycleState,
  type CallOptions,
  type Connection,
  DomainEventType,
  ErrorCode,
  LibvirtError,
} from 'node-libvirt';
import type { HypervisorEvent } from '../../core/ports/hypervisor.ts';

/** The details of each lifecycle event, by number. */
const DETAILS: Readonly<Record<number, readonly string[]>> = {
  [DomainEventType.DEFINED]: ['added', 'updated', 'renamed', 'from-snapshot'],
  [DomainEventType.UNDEFINED]: ['removed', 'renamed'],
  [DomainEventType.STARTED]: ['booted', 'migrated', 'restored', 'from-snapshot', 'wakeup'],
  [DomainEventType.SUSPENDED]: [
    'paused',
    'migrated',
    'io-error',
    'watchdog',
    'restored',
    'from-snapshot',
    'api-error',
    'post-copy',
    'post-copy-failed',
  ],
  [DomainEventType.RESUMED]: ['unpaused', 'migrated', 'from-snapshot', 'post-copy'],
  [DomainEventType.STOPPED]: [
    'shutdown',
    'destroyed',
    'crashed',
    'migrated',
    'saved',
    'failed',
    'from-snapshot',
  ],
  [DomainEventType.SHUTDOWN]: ['finished', 'by-guest', 'by-host'],
  [DomainEventType.PMSUSPENDED]: ['memory', 'disk'],
  [DomainEventType.CRASHED]: ['panicked', 'crash-loaded'],
};
interface DomainName {
  readonly uuid: string;
  readonly name: string;
}

/** A lifecycle event as the port tells it, from its own fields alone; null when it says nothing new. */
export function toLifecycleEvent(
  { uuid, name }: DomainName,
  event: number,
  detail: number,
): HypervisorEvent | null {
  const reason = DETAILS[event]?.[detail] ?? `detail-${detail}`;
  const state = (power: Extract<HypervisorEvent, { kind: 'domain-state' }>['power']) =>
    ({ kind: 'domain-state', uuid, name, power, reason }) as const;
  switch (event) {
    case DomainEventType.DEFINED:
      return { kind: 'domain-defined', uuid, name };
    case DomainEventType.UNDEFINED:
      // The old name of a renamed domain goes; the domain stays.
      return reason === 'renamed' ? null : state('gone');
    case DomainEventType.STARTED:
    case DomainEventType.RESUMED:
      return state('running');
    case DomainEventType.SUSPENDED:
    case DomainEventType.PMSUSPENDED:
      return state('paused');
    case DomainEventType.SHUTDOWN:
      return state('stopping');
    case DomainEventType.STOPPED:
      return state(reason === 'crashed' ? 'crashed' : 'off');
    case DomainEventType.CRASHED:
      return state('crashed');
    default:
      return null;
  }
}

/** Registers for everything that the port tells. Events arrive in the order of the daemon. */
export async function listen(
  connection: Connection,
  emit: (event: HypervisorEvent) => void,
  call: CallOptions,
): Promise<void> {
  const gone = new GoneWatch(connection, emit);
  await Promise.all([
    connection.onDomainEvent(
      'lifecycle',
      ({ domain, event, detail }) => {
        const told = toLifecycleEvent(domain, event, detail);
        if (told === null) return;
        emit(told);
        gone.follow(told);
      },
      call,
    ),
    optional(
      connection.onDomainEvent(
        'reboot',
        ({ domain }) => emit({ kind: 'domain-reboot', uuid: domain.uuid }),
        call,
      ),
    ),
    optional(
      connection.onDomainEvent(
        'agent-lifecycle',
        ({ domain, state }) =>
          emit({
            kind: 'agent',
            uuid: domain.uuid,
            connected: state === AgentLifecycleState.CONNECTED,
          }),
        call,
      ),
    ),
    optional(
      connection.onDomainEvent(
        'metadata-change',
        ({ domain: { uuid, name } }) => emit({ kind: 'domain-defined', uuid, name }),
        call,
      ),
    ),
  ]);
}

/** Daemons and drivers that lack an event are served without it; they call its number invalid. */
async function optional(registration: Promise<unknown>): Promise<void> {
  try {
    await registration;
  } catch (error) {
    if (
      !(
        error instanceof LibvirtError &&
        (error.isNotSupported || error.code === ErrorCode.INVALID_ARG)
      )
    ) {
      throw error;
    }
  }
}

/** A transient domain vanishes when it stops, and libvirt sends no `undefined` event for it. */
class GoneWatch {
  readonly #connection: Connection;
  readonly #emit: (event: HypervisorEvent) => void;
  /** Domains whose end was told and that have not come back. */
  readonly #told = new Set<string>();

  constructor(connection: Connection, emit: (event: HypervisorEvent) => void) {
    this.#connection = connection;
    this.#emit = emit;
  }

  follow(event: HypervisorEvent): void {
    if (event.kind === 'domain-defined') this.#told.delete(event.uuid);
    if (event.kind !== 'domain-state') return;
    const { uuid, name, power } = event;
    if (power === 'gone') this.#told.add(uuid);
    else if (power === 'running') this.#told.delete(uuid);
    else if (power === 'off' || power === 'crashed') void this.#check(uuid, name);
  }

  async #check(uuid: string, name: string): Promise<void> {
    try {
      await this.#connection.domainLookupByUUID(uuid);
    } catch (error) {
      // Any other failure leaves the answer to the next listing.
      if (!(error instanceof LibvirtError && error.isNoDomain) || this.#told.has(uuid)) return;
      this.#told.add(uuid);
      this.#emit({ kind: 'domain-state', uuid, name, power: 'gone', reason: 'transient' });
    }
  }
}
