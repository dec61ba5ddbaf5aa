import { describe, expect, it } from 'vitest';
import type { CreateRequest } from '../../../src-contract/model/create-request.ts';
import { BerthError } from '../../../src-main/core/errors.ts';
import { GIB } from '../../fakes/fake-host.ts';
import { IMAGE, POOL, request, TEMPLATES, TestBench, type TestProcess } from './test-bench.ts';

type Arrange = (bench: TestBench, berth: TestProcess) => void;

interface Case {
  code: string;
  severity: 'error' | 'warning';
  request: CreateRequest;
  arrange?: Arrange;
  /** Part of the finding. */
  expected?: Record<string, unknown>;
}

const ED25519 =
  'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGJlcnRoIHRlc3Qga2V5IGZvciB1bml0IHRlc3RzISE= alice@host';

const CASES: Case[] = [
  ...['', 'a/b', ' a', 'a.', 'a\nb', 'x'.repeat(65)].map(
    (name): Case => ({
      code: 'name_invalid',
      severity: 'error',
      request: request('blank', name),
      expected: { field: 'name' },
    }),
  ),
  {
    code: 'name_taken',
    severity: 'error',
    request: request('blank', 'ONE'),
    arrange: ({ host }) => host.addDomain('one'),
    expected: { fix: { action: 'set-field', field: 'name', value: 'ONE-2', label: 'Use “ONE-2”' } },
  },
  {
    code: 'name_taken',
    severity: 'error',
    request: request('blank', 'My VM'),
    arrange: ({ host }) => host.addDomain('other', { title: 'My VM' }),
  },
  ...['root', 'www-data', 'Alice', '9lives', 'a b', '', 'x'.repeat(33), "a'; reboot"].map(
    (user): Case => ({
      code: 'user_invalid',
      severity: 'error',
      request: request('image', 'one', { user }),
      expected: { field: 'user' },
    }),
  ),
  {
    code: 'password_missing',
    severity: 'error',
    request: { ...request('image'), password: '' },
    expected: { field: 'password' },
  },
  ...[
    'hello',
    'ssh-ed25519 AAAA',
    'ssh-rsa AAAAC3NzaC1lZDI1NTE5AAAAIGJlcnRoIHRlc3Qga2V5IGZvciB1bml0IHRlc3RzISE=',
    '-----BEGIN OPENSSH PRIVATE KEY-----',
    `${ED25519}\nssh-ed25519 second`,
    `command="reboot" ${ED25519}`,
  ].map(
    (key): Case => ({
      code: 'ssh_key_invalid',
      severity: 'error',
      request: request('image', 'one', { sshKeys: [ED25519, key] }),
      expected: { field: 'sshKeys.1' },
    }),
  ),
  { code: 'template_missing', severity: 'error', request: request('nope') },
  {
    code: 'template_inactive',
    severity: 'error',
    request: request('blank'),
    arrange: (_, berth) => {
      berth.templates = TEMPLATES.map((template) => ({ ...template, active: false }));
    },
  },
  {
    code: 'media_missing',
    severity: 'error',
    request: request('image'),
    arrange: ({ database }) => database.media.clear(),
    expected: { fix: { action: 'add-media', label: 'Add an image' } },
  },
  {
    code: 'media_missing',
    severity: 'error',
    request: request('image'),
    arrange: (_, berth) => {
      berth.templates = TEMPLATES.map((template) => ({
        ...template,
        source: { kind: 'image', mediaId: null },
      }));
    },
  },
  ...(['importing', 'failed'] as const).map(
    (state): Case => ({
      code: 'media_not_ready',
      severity: 'error',
      request: request('image'),
      arrange: ({ database }) => database.media.set('debian', { ...IMAGE, state }),
    }),
  ),
  {
    code: 'tryout_no_kernel',
    severity: 'error',
    request: request('tryout'),
    arrange: (_, berth) => {
      berth.media.tryoutError = new BerthError('tryout_no_kernel', 'No kernel.', { hint: 'h' });
    },
    expected: { hint: 'h' },
  },
  {
    code: 'vcpus_too_many',
    severity: 'error',
    request: request('blank', 'one', { overrides: { vcpus: 65 } }),
    expected: { fix: { action: 'set-field', field: 'overrides.vcpus', value: 8, label: 'Use 8' } },
  },
  {
    code: 'vcpus_overcommit',
    severity: 'warning',
    request: request('blank', 'one', { overrides: { vcpus: 9 } }),
  },
  {
    code: 'memory_short',
    severity: 'error',
    request: request('blank', 'one', { overrides: { memoryBytes: 33 * GIB } }),
    expected: {
      fix: {
        action: 'set-field',
        field: 'overrides.memoryBytes',
        value: 32 * GIB,
        label: 'Use 32 GiB',
      },
    },
  },
  {
    code: 'memory_short',
    severity: 'error',
    request: request('blank'),
    arrange: ({ host }) => host.addDomain('big', { power: 'running', memoryBytes: 31 * GIB }),
    expected: { field: 'overrides.memoryBytes' },
  },
  {
    code: 'memory_short',
    severity: 'error',
    request: request('blank'),
    arrange: ({ database }) =>
      database.reservations.set('other', {
        creationId: 'other',
        machineId: 'm',
        memoryBytes: 31 * GIB,
        vcpus: 1,
        diskBytes: 0,
        pool: POOL,
      }),
  },
  {
    code: 'memory_overcommit',
    severity: 'warning',
    request: request('blank'),
    arrange: ({ host }) => {
      host.availableMemoryBytes = GIB;
    },
  },
  {
    code: 'disk_too_small',
    severity: 'error',
    request: request('image', 'one', { overrides: { diskBytes: GIB } }),
    expected: {
      fix: {
        action: 'set-field',
        field: 'overrides.diskBytes',
        value: 2 * GIB,
        label: 'Use 2 GiB',
      },
    },
  },
  {
    code: 'disk_space',
    severity: 'error',
    request: request('blank'),
    arrange: ({ host }) => {
      host.freeBytes = 40 * 1024 ** 2;
    },
  },
  {
    code: 'disk_space',
    severity: 'error',
    request: request('blank'),
    arrange: ({ host }) => host.addPool(POOL, { availableBytes: 40 * 1024 ** 2 }),
  },
  {
    code: 'disk_space',
    severity: 'error',
    request: request('blank', 'one', { overrides: { diskBytes: 400 * GIB } }),
    arrange: ({ host }) => host.addPool(POOL),
    expected: {
      fix: {
        action: 'set-field',
        field: 'overrides.diskBytes',
        value: 199 * GIB,
        label: 'Use 199 GiB',
      },
    },
  },
  {
    code: 'disk_overcommit',
    severity: 'warning',
    request: request('blank', 'one', { overrides: { diskBytes: 250 * GIB } }),
    arrange: ({ host }) => host.addPool(POOL),
  },
  {
    code: 'disk_overcommit',
    severity: 'warning',
    request: request('blank'),
    arrange: ({ database }) =>
      database.reservations.set('other', {
        creationId: 'other',
        machineId: 'm',
        memoryBytes: 0,
        vcpus: 1,
        diskBytes: 190 * GIB,
        pool: POOL,
      }),
  },
  {
    code: 'network_missing',
    severity: 'error',
    request: request('blank', 'one', { overrides: { network: { kind: 'network', name: 'lab' } } }),
  },
  {
    code: 'network_inactive',
    severity: 'error',
    request: request('blank', 'one', {
      overrides: { network: { kind: 'network', name: 'default' } },
    }),
    arrange: ({ host }) =>
      host.networks.forEach((network) => {
        network.active = false;
      }),
    expected: {
      fix: {
        action: 'start-network',
        network: 'default',
        label: 'Start the network “default”',
      },
    },
  },
  {
    code: 'network_user_mode',
    severity: 'warning',
    request: request('blank'),
    arrange: ({ host }) => host.networks.splice(0),
  },
  {
    code: 'firmware_missing',
    severity: 'error',
    request: request('blank', 'one', { overrides: { firmware: 'uefi-secure' } }),
    arrange: ({ host }) => {
      host.abilities = { ...host.abilities, uefiSecure: false };
    },
  },
  {
    code: 'tpm_missing',
    severity: 'error',
    request: request('blank'),
    arrange: ({ host }, berth) => {
      host.abilities = { ...host.abilities, tpm: false };
      berth.templates = TEMPLATES.map((template) => ({ ...template, tpm: true }));
    },
  },
  {
    code: 'spice_missing',
    severity: 'warning',
    request: request('blank'),
    arrange: ({ host }) => {
      host.abilities = { ...host.abilities, graphics: ['vnc'] };
    },
  },
  {
    code: 'kvm_missing',
    severity: 'warning',
    request: request('blank'),
    arrange: ({ host }) => {
      host.abilities.kvm = { offered: false, works: false, reason: 'no /dev/kvm' };
    },
    expected: { message: expect.stringContaining('no /dev/kvm') },
  },
  {
    code: 'kvm_broken',
    severity: 'warning',
    request: request('blank'),
    arrange: ({ host }) => {
      host.abilities.kvm = { offered: true, works: false, reason: 'MSR' };
    },
    expected: { message: expect.stringContaining('MSR') },
  },
  {
    code: 'libvirt_unreachable',
    severity: 'error',
    request: request('blank'),
    arrange: ({ host }) => {
      host.down = true;
    },
  },
  {
    code: 'libvirt_denied',
    severity: 'error',
    request: request('blank'),
    arrange: (_, berth) => {
      berth.hypervisor.fault = () => {
        throw new BerthError('libvirt_denied', 'Permission denied', { hint: 'Join the group.' });
      };
    },
    expected: { hint: 'Join the group.' },
  },
];

describe('preflight', () => {
  it.each(CASES)('$severity $code for $request.name $request.user', async (one) => {
    const bench = new TestBench();
    const berth = bench.process();
    one.arrange?.(bench, berth);
    const before = bench.host.existing();
    const reserved = bench.database.reservations.size;

    const plan = await bench.clock.run(berth.service.plan(one.request));
    const found = plan.findings.filter(({ code }) => code === one.code);
    expect(found).toEqual([expect.objectContaining({ severity: one.severity, ...one.expected })]);

    const start = berth.service.start(one.request);
    if (one.severity === 'error') {
      await expect(bench.clock.run(start)).rejects.toMatchObject({ code: one.code });
      expect(bench.host.existing()).toEqual(before);
      expect(bench.database.machines.size).toBe(0);
      expect(bench.database.creations.size).toBe(0);
      expect(bench.database.reservations.size).toBe(reserved);
    } else {
      const { creationId, machineId } = await bench.clock.run(start);
      await berth.until(creationId, 'ready');
      const notes = bench.database.machines.get(machineId)?.notes.map(({ code }) => code);
      expect(notes).toContain(one.code);
    }
  });

  it('has nothing to say about an ordinary request', async () => {
    const bench = new TestBench();
    const berth = bench.process();
    for (const id of ['blank', 'tryout', 'image']) {
      const name = 'caffè "日" 1';
      const wish = request(id, name, { sshKeys: [ED25519] });
      expect((await berth.service.plan(wish)).findings).toEqual([]);
    }
  });

  it('counts a running machine once although its reservation is still there', async () => {
    const bench = new TestBench();
    const berth = bench.process();
    const reservation = {
      creationId: 'other',
      machineId: 'm',
      memoryBytes: 16 * GIB,
      vcpus: 1,
      diskBytes: 0,
      pool: POOL,
    };
    bench.database.reservations.set('other', reservation);
    bench.host.availableMemoryBytes = 32 * GIB;
    const metadata = {
      machineId: 'm',
      creationId: 'other',
      templateId: 't',
      departmentId: 'd',
      schemaVersion: 1,
    };
    bench.host.addDomain('m', { power: 'running', memoryBytes: 16 * GIB, metadata });
    const wish = request('blank', 'one', { overrides: { memoryBytes: 15 * GIB } });
    expect((await berth.service.plan(wish)).findings).toEqual([]);
  });

  it('knows that a key is enough to log in', async () => {
    const bench = new TestBench();
    const berth = bench.process();
    const { password: _, ...wish } = request('image', 'one', { sshKeys: [ED25519] });
    expect((await berth.service.plan(wish)).findings).toEqual([]);
    const { creationId } = await berth.service.start(wish);
    await berth.until(creationId, 'running');
    expect(berth.media.seeds.at(-1)).toMatchObject({ passwordHash: null, sshKeys: [ED25519] });
  });

  it('gives up on a libvirt that never answers', async () => {
    const bench = new TestBench();
    const berth = bench.process();
    berth.hypervisor.fault = () => new Promise<void>(() => undefined);
    await expect(bench.clock.run(berth.service.start(request('blank')))).rejects.toMatchObject({
      code: 'libvirt_unreachable',
      stage: 'validate',
    });
  });
});
