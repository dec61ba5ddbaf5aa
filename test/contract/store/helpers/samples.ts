import type { Creation } from '../../../../src-contract/model/creation.ts';
import type { Media } from '../../../../src-contract/model/media.ts';
import { STAGES } from '../../../../src-contract/model/stage.ts';
import type { MachineSpec } from '../../../../src-main/core/domain/machine-spec.ts';
import type { MachineRecord, Reservation } from '../../../../src-main/core/ports/repositories.ts';
import type { ProcessIdentity } from '../../../../src-main/core/ports/system.ts';
import { inputDefaults, specDefaults } from '../../../fakes/defaults.ts';

/** Any positive number gives a different thing of each kind; equal numbers belong together. */
export function machine(n: number, change: Partial<MachineRecord> = {}): MachineRecord {
  return {
    id: `m${n}`,
    name: `Machine ${n}`,
    domainName: `berth-machine-${n}`,
    domainUuid: `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`,
    departmentId: 'personal',
    templateId: 'tryout',
    creationId: `c${n}`,
    osLabel: 'Berth try-out',
    provisioning: 'none',
    notes: [],
    deleteFailed: false,
    createdAt: 1000 + n,
    vcpus: 1,
    memoryBytes: 256 * 1024 * 1024,
    diskBytes: 0,
    createdBy: '',
    ...change,
  };
}

export function reservation(n: number, change: Partial<Reservation> = {}): Reservation {
  return {
    creationId: `c${n}`,
    machineId: `m${n}`,
    state: 'working',
    memoryBytes: 256 * 1024 * 1024,
    vcpus: 1,
    diskBytes: 0,
    pool: 'berth',
    ...change,
  };
}

export function creation(n: number, change: Partial<Creation> = {}): Creation {
  return {
    id: `c${n}`,
    machineId: `m${n}`,
    name: `Machine ${n}`,
    templateId: 'tryout',
    departmentId: 'personal',
    state: 'queued',
    stage: 'validate',
    stages: STAGES.map((stage) => ({
      stage,
      state: 'pending',
      startedAt: null,
      endedAt: null,
      progress: null,
      message: null,
    })),
    input: {
      ...inputDefaults,
      templateId: 'tryout',
      name: `Machine ${n}`,
      overrides: { memoryBytes: 1024 ** 3, network: { kind: 'user' } },
    },
    hasSecret: false,
    notes: [],
    error: null,
    undone: [],
    cancelRequested: false,
    waitingFor: null,
    queuePlace: null,
    applications: [],
    createdAt: 1000 + n,
    startedAt: null,
    endedAt: null,
    revision: 0,
    ...change,
  };
}

/** A completed creation whose stages `storage` and `start` took that many seconds. */
export function completed(n: number, seconds: { storage: number; start: number }): Creation {
  const base = creation(n, { state: 'completed', stage: 'ready', endedAt: 100_000 + n });
  const stages = base.stages.map((record) => {
    if (record.stage !== 'storage' && record.stage !== 'start') return record;
    const endedAt = 5000 + seconds[record.stage] * 1000;
    return { ...record, state: 'done' as const, startedAt: 5000, endedAt };
  });
  return { ...base, stages };
}

export function owner(pid: number): ProcessIdentity {
  return { pid, startTime: '4711', bootId: '8f0c2f1e-2f4e-4c53-8a4f-000000000001' };
}

export function spec(n: number): MachineSpec {
  return {
    ...specDefaults,
    machineId: `m${n}`,
    creationId: `c${n}`,
    departmentId: 'personal',
    templateId: 'tryout',
    name: `Machine ${n}`,
    domainName: `berth-machine-${n}`,
    domainUuid: `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`,
    hostname: `machine-${n}`,
    osinfoId: null,
    osLabel: 'Berth try-out',
    osFamily: 'linux',
    vcpus: 1,
    memoryBytes: 256 * 1024 * 1024,
    diskBytes: 0,
    firmware: 'bios',
    tpm: false,
    video: 'vga',
    audio: false,
    accelerator: 'tcg',
    emulator: '/usr/bin/qemu-system-x86_64',
    network: { kind: 'network', name: 'default' },
    mac: '52:54:00:00:00:01',
    graphics: 'spice',
    graphicsListen: 'socket',
    spiceChannel: true,
    pool: 'berth',
    disk: {
      volume: 'm.qcow2',
      backing: { pool: 'berth', volume: 'base.qcow2', format: 'qcow2' },
    },
    seedVolume: null,
    directBoot: { kernelVolume: 'k', initrdVolume: 'i', cmdline: 'quiet' },
    login: { user: 'ada', sshKeys: ['ssh-ed25519 AAAA ada'] },
    readiness: 'progress',
    notes: [{ code: 'no_kvm', severity: 'warning', message: 'Slow' }],
  };
}

export function media(n: number, change: Partial<Media> = {}): Media {
  return {
    id: `i${n}`,
    name: `Image ${n}`,
    kind: 'image',
    format: 'qcow2',
    state: 'ready',
    virtualBytes: 20 * 1024 ** 3,
    fileBytes: 300 * 1024 ** 2,
    sha256: 'ab'.repeat(32),
    pool: 'berth',
    volume: `image-${n}.qcow2`,
    origin: 'debian.qcow2',
    progress: null,
    error: null,
    usedBy: 0,
    addedAt: 2000 + n,
    ...change,
  };
}
