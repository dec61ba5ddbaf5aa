import type { CallOptions, Connection, DomainEvents } from 'node-libvirt';
import { ErrorCode, LibvirtError } from 'node-libvirt';
import { describe, expect, it, vi } from 'vitest';
import type { HypervisorEvent } from '../../core/ports/hypervisor.ts';
import { listen, toLifecycleEvent } from './events.ts';

const DOMAIN = { uuid: 'u', name: 'n' };

describe('toLifecycleEvent', () => {
  it.each([
    [2, 0, 'running', 'booted'],
    [4, 0, 'running', 'unpaused'],
    [3, 0, 'paused', 'paused'],
    [3, 2, 'paused', 'io-error'],
    [6, 1, 'stopping', 'by-guest'],
    [5, 0, 'off', 'shutdown'],
    [5, 1, 'off', 'destroyed'],
    [5, 2, 'crashed', 'crashed'],
    [5, 5, 'off', 'failed'],
    [7, 0, 'paused', 'memory'],
    [8, 0, 'crashed', 'panicked'],
    [1, 0, 'gone', 'removed'],
    [5, 99, 'off', 'detail-99'],
  ])('event %i, detail %i: %s, %s', (event, detail, power, reason) => {
    expect(toLifecycleEvent(DOMAIN, event, detail)).toEqual({
      kind: 'domain-state',
      ...DOMAIN,
      power,
      reason,
    });
  });

  it('tells of definitions, and nothing of the old name of a renamed domain', () => {
    expect(toLifecycleEvent(DOMAIN, 0, 1)).toEqual({ kind: 'domain-defined', ...DOMAIN });
    expect(toLifecycleEvent(DOMAIN, 1, 1)).toBeNull();
    expect(toLifecycleEvent(DOMAIN, 99, 0)).toBeNull();
  });
});

function refusal(code: number): LibvirtError {
  const none = { dom: null, net: null, str1: null, str2: null, str3: null };
  const numbers = { domain: 0, level: 2, int1: 0, int2: 0 };
  return new LibvirtError({ code, message: 'no', ...none, ...numbers }, 'X');
}

type Kind = keyof DomainEvents;

/** A connection that only knows events and whether a domain exists. */
function fakeConnection(options: { exists: boolean; lacks?: Kind[] }) {
  const listeners = new Map<Kind, (event: never) => void>();
  const connection = {
    onDomainEvent(kind: Kind, listener: (event: never) => void, _call?: CallOptions) {
      if (options.lacks?.includes(kind)) return Promise.reject(refusal(ErrorCode.INVALID_ARG));
      listeners.set(kind, listener);
      return Promise.resolve(async () => {});
    },
    domainLookupByUUID: () =>
      options.exists ? Promise.resolve({}) : Promise.reject(refusal(ErrorCode.NO_DOMAIN)),
  };
  const fire = (kind: Kind, event: object) => listeners.get(kind)?.(event as never);
  return { connection: connection as unknown as Connection, fire };
}

async function listening(options: Parameters<typeof fakeConnection>[0]) {
  const { connection, fire } = fakeConnection(options);
  const events: HypervisorEvent[] = [];
  await listen(connection, (event) => events.push(event), {});
  return { events, fire };
}

describe('listen', () => {
  const lifecycle = (event: number, detail = 0) => ({ domain: DOMAIN, event, detail });

  it('passes events on within the same turn', async () => {
    const { events, fire } = await listening({ exists: true });
    fire('lifecycle', lifecycle(2));
    fire('reboot', { domain: DOMAIN });
    fire('agent-lifecycle', { domain: DOMAIN, state: 1, reason: 2 });
    fire('metadata-change', { domain: DOMAIN, type: 2, nsuri: null });
    expect(events.map(({ kind }) => kind)).toEqual([
      'domain-state',
      'domain-reboot',
      'agent',
      'domain-defined',
    ]);
  });

  it('says that a transient domain is gone when it stops, once', async () => {
    const { events, fire } = await listening({ exists: false });
    fire('lifecycle', lifecycle(5, 1));
    fire('lifecycle', lifecycle(5, 1));
    await vi.waitFor(() => expect(events).toHaveLength(3));
    await new Promise((resolve) => setImmediate(resolve));
    expect(events.map((event) => event.kind === 'domain-state' && event.power)).toEqual([
      'off',
      'off',
      'gone',
    ]);
  });

  it('does not say so twice when the domain was undefined', async () => {
    const { events, fire } = await listening({ exists: false });
    fire('lifecycle', lifecycle(5, 1));
    fire('lifecycle', lifecycle(1));
    await new Promise((resolve) => setImmediate(resolve));
    expect(
      events.filter((event) => event.kind === 'domain-state' && event.power === 'gone'),
    ).toHaveLength(1);
  });

  it('does without events that the daemon does not know', async () => {
    const { events, fire } = await listening({ exists: true, lacks: ['metadata-change'] });
    fire('lifecycle', lifecycle(0));
    expect(events).toEqual([{ kind: 'domain-defined', ...DOMAIN }]);
    await expect(listening({ exists: true, lacks: ['lifecycle'] })).rejects.toThrow(LibvirtError);
  });
});
