import type { InstallerMedium } from '../../../../src-contract/model/media.ts';
import type { FirstBootTask } from '../../domain/first-boot.ts';
import type { MachineSpec } from '../../domain/machine-spec.ts';
import type { Wish } from '../../domain/request.ts';
import { windowsVersion } from '../../domain/windows.ts';
import type { HostAbilities } from '../../ports/hypervisor.ts';
import type { WindowsAnswersInput } from '../../ports/media-builder.ts';
import { unmetDemands } from '../checks/windows.ts';
import { need } from '../context.ts';
import type { GuestSecrets } from '../guest-secrets.ts';

interface Ingredients {
  spec: MachineSpec;
  wish: Wish;
  installer: InstallerMedium;
  abilities: HostAbilities;
  secrets: GuestSecrets;
  tasks: readonly FirstBootTask[];
}

/** What the answers to Windows Setup are made of; the checks have seen to it that user and password are there. */
export function windowsAnswersInput(parts: Ingredients): WindowsAnswersInput {
  const { spec, wish, installer, abilities, secrets, tasks } = parts;
  return {
    installer,
    computerName: spec.hostname,
    user: need(spec.login.user, 'user'),
    password: need(secrets.passwordHash, 'password'),
    sshKeys: spec.login.sshKeys,
    version: windowsVersion(wish.template.os),
    edition: wish.edition,
    productKey: secrets.productKey,
    uefi: spec.firmware !== 'bios',
    drivers: spec.virtioDrivers !== null,
    without: unmetDemands(wish, abilities),
    tasks,
  };
}
