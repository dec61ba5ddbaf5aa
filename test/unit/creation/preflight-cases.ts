import { expect } from 'vitest';
import type { CreateRequest } from '../../../src-contract/model/create-request.ts';
import { BerthError } from '../../../src-main/core/errors.ts';
import { GIB } from '../../fakes/fake-host.ts';
import { IMAGE, POOL, request, TEMPLATES, type TestBench, type TestProcess } from './test-bench.ts';

type Arrange = (bench: TestBench, berth: TestProcess) => void;

interface Case {
  code: string;
  severity: 'error' | 'warning';
  request: CreateRequest;
  arrange?: Arrange;
  /** Part of the finding. */
  expected?: Record<string, unknown>;
}

export const ED25519 =
  'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGJlcnRoIHRlc3Qga2V5IGZvciB1bml0IHRlc3RzISE= alice@host';

export const CASES: Case[] = [
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
    request: request('blank'),
    arrange: ({ host }) => host.addPool(POOL, { unseenBytes: 250 * GIB }),
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
        state: 'working',
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
    expected: { hint: expect.stringContaining('no /dev/kvm') },
  },
  {
    code: 'kvm_broken',
    severity: 'warning',
    request: request('blank'),
    arrange: ({ host }) => {
      host.abilities.kvm = { offered: true, works: false, reason: 'MSR' };
    },
    expected: { hint: expect.stringContaining('MSR') },
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
