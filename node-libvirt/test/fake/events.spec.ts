import { describe, expect, it } from 'vitest';
import { Domain, Network, StoragePool } from '../../src/index.ts';
import { domainEvents, networkEvents, storagePoolEvents } from '../../src/testing/index.ts';
import { fakeSuite, handle, UUID } from '../support/fake.ts';
import { until } from '../support/until.ts';

const suite = fakeSuite();
const REGISTER = 'CONNECT_DOMAIN_EVENT_CALLBACK_REGISTER_ANY';
const DEREGISTER = 'CONNECT_DOMAIN_EVENT_CALLBACK_DEREGISTER_ANY';
const started = { callbackID: 0, dom: handle, event: 2, detail: 0 };

describe('events', () => {
  it('are asked for once and reach every listener', async () => {
    const daemon = await suite.daemon();
    const connection = await suite.connect(daemon);
    const seen: string[] = [];
    await Promise.all([
      connection.onDomainEvent('lifecycle', ({ event }) => seen.push(`a${event}`)),
      connection.onDomainEvent('lifecycle', ({ event }) => seen.push(`b${event}`)),
    ]);
    daemon.emit(domainEvents.lifecycle, started);
    await until('both have it', () => seen.length === 2);
    expect(seen).toEqual(['a2', 'b2']);
    expect(daemon.calls.filter((name) => name === REGISTER)).toHaveLength(1);
  });

  it('end with the last listener, and can begin again', async () => {
    const daemon = await suite.daemon();
    const connection = await suite.connect(daemon);
    const seen: number[] = [];
    const listen = () => connection.onDomainEvent('reboot', () => seen.push(1));
    const [one, two] = [await listen(), await listen()];
    await one();
    await one();
    expect(daemon.calls).not.toContain(DEREGISTER);
    await two();
    expect(daemon.calls).toContain(DEREGISTER);
    daemon.emit(domainEvents.reboot, { callbackID: 0, dom: handle });
    await listen();
    daemon.emit(domainEvents.reboot, { callbackID: 1, dom: handle });
    await until('the second only', () => seen.length > 0);
    expect(seen).toEqual([1]);
  });

  it('go on when a listener throws, and the error is not hushed up', async () => {
    const daemon = await suite.daemon();
    const connection = await suite.connect(daemon);
    const error = new Error('a broken listener');
    const caught: unknown[] = [];
    const listeners = process.listeners('uncaughtException');
    process.removeAllListeners('uncaughtException');
    process.on('uncaughtException', (thrown) => caught.push(thrown));
    try {
      const seen: number[] = [];
      await connection.onDomainEvent('lifecycle', () => {
        throw error;
      });
      await connection.onDomainEvent('lifecycle', ({ event }) => seen.push(event));
      daemon.emit(domainEvents.lifecycle, started);
      await until('the other has it', () => seen.length === 1);
      await until('the error is out', () => caught.length === 1);
      expect(caught).toEqual([error]);
      expect(connection.isAlive).toBe(true);
    } finally {
      process.removeAllListeners('uncaughtException');
      for (const listener of listeners) process.on('uncaughtException', listener);
    }
  });

  it('of kinds nobody asked for are ignored', async () => {
    const daemon = await suite.daemon();
    const connection = await suite.connect(daemon);
    const seen: number[] = [];
    await connection.onDomainEvent('lifecycle', ({ event }) => seen.push(event));
    daemon.emit(domainEvents.watchdog, { callbackID: 9, dom: handle, action: 1 });
    daemon.emit(domainEvents.lifecycle, started);
    await until('the one asked for', () => seen.length === 1);
  });

  it('carry objects, and what belongs to their kind', async () => {
    const daemon = await suite.daemon();
    const connection = await suite.connect(daemon);
    const seen: unknown[] = [];
    const keep = (event: unknown) => void seen.push(event);
    await connection.onDomainEvent('agent-lifecycle', keep);
    await connection.onDomainEvent('io-error', keep);
    await connection.onDomainEvent('block-job', keep);
    await connection.onDomainEvent('metadata-change', keep);
    await connection.onDomainEvent('device-added', keep);
    await connection.onDomainEvent('tunable', keep);
    await connection.onDomainEvent('pm-suspend', keep);
    await connection.onNetworkEvent('lifecycle', keep);
    await connection.onStoragePoolEvent('refresh', keep);
    const dom = { callbackID: 1, dom: handle };
    daemon.emit(domainEvents['agent-lifecycle'], { ...dom, state: 1, reason: 2 });
    const io = { srcPath: '/a', devAlias: 'virtio-disk0', action: 1, reason: 'enospc' };
    daemon.emit(domainEvents['io-error'], { ...dom, ...io });
    daemon.emit(domainEvents['block-job'], { ...dom, dst: 'vda', type: 1, status: 0 });
    daemon.emit(domainEvents['metadata-change'], { ...dom, type: 2, nsuri: 'urn:x' });
    daemon.emit(domainEvents['device-added'], { ...dom, devAlias: 'net1' });
    daemon.emit(domainEvents.tunable, { ...dom, params: { 'cputune.shares': 10 } });
    daemon.emit(domainEvents['pm-suspend'], { ...dom, reason: 0 });
    daemon.emit(networkEvents.lifecycle, {
      callbackID: 1,
      net: { name: 'n', uuid: UUID },
      event: 2,
      detail: 0,
    });
    daemon.emit(storagePoolEvents.refresh, { callbackID: 1, pool: { name: 'p', uuid: UUID } });
    await until('all nine', () => seen.length === 9);
    const vm = expect.any(Domain);
    expect(seen).toEqual([
      { domain: vm, state: 1, reason: 2 },
      { domain: vm, ...io },
      { domain: vm, dst: 'vda', type: 1, status: 0 },
      { domain: vm, type: 2, nsuri: 'urn:x' },
      { domain: vm, devAlias: 'net1' },
      { domain: vm, params: { 'cputune.shares': 10 } },
      { domain: vm, reason: 0 },
      { network: expect.any(Network), event: 2, detail: 0 },
      { pool: expect.any(StoragePool) },
    ]);
  });
});
