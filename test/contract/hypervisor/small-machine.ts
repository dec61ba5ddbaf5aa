import { randomUUID } from 'node:crypto';
import type { MachineSpec } from '../../../src-main/core/domain/machine-spec.ts';
import type { Log } from '../../../src-main/core/ports/system.ts';
import { specDefaults } from '../../fakes/defaults.ts';

export const silentLog: Log = { info: () => {}, warn: () => {}, error: () => {} };

/** A machine that starts quickly under emulation and needs nothing of its host. */
export function smallMachine(more: Partial<MachineSpec> = {}): MachineSpec {
  return {
    ...specDefaults,
    machineId: randomUUID(),
    creationId: randomUUID(),
    departmentId: 'default',
    templateId: 'tryout',
    name: 'Small machine',
    domainName: 'small',
    domainUuid: randomUUID(),
    hostname: 'small',
    osinfoId: null,
    osLabel: 'Linux',
    osFamily: 'linux',
    vcpus: 1,
    memoryBytes: 64 * 1024 ** 2,
    diskBytes: 0,
    firmware: 'bios',
    tpm: false,
    video: 'vga',
    audio: false,
    accelerator: 'tcg',
    emulator: '/usr/bin/qemu-system-x86_64',
    network: { kind: 'none' },
    mac: '52:54:00:00:00:01',
    graphics: 'spice',
    graphicsListen: 'socket',
    spiceChannel: true,
    pool: 'berth',
    disk: null,
    seedVolume: null,
    directBoot: null,
    login: { user: null, sshKeys: [] },
    readiness: 'none',
    notes: [],
    ...more,
  };
}
