import type { CreateInput } from '../../../src-contract/model/create-request.ts';
import type { Finding } from '../../../src-contract/model/error.ts';
import type { Template } from '../../../src-contract/model/template.ts';
import { BerthError } from '../errors.ts';
import { checkApplications } from './checks/applications.ts';
import type { Check, CheckInput } from './checks/check-input.ts';
import { checkMemory, checkVcpus, MEMORY_WAIT } from './checks/compute.ts';
import { checkDiskSize, checkDiskSpace } from './checks/disk.ts';
import { checkFilter } from './checks/filter.ts';
import { checkKeys, checkPassword, checkUser, guestUser } from './checks/login.ts';
import { checkNameFree, checkNameText } from './checks/name.ts';
import { checkNetwork } from './checks/network.ts';
import { checkAccelerator, checkDisplay, checkFirmware, checkTpm } from './checks/platform.ts';
import { checkQuota } from './checks/quota.ts';
import {
  checkMedia,
  checkMinimum,
  checkTemplate,
  checkTemplateKvm,
  checkTryout,
} from './checks/source.ts';
import { checkDrivers, checkProductKey, checkWindowsDemands } from './checks/windows.ts';
import { checkGpus } from './gpus.ts';
import { checkPlacement } from './placement.ts';

/** The order is the order of the form. */
const HOST_CHECKS: readonly Check[] = [
  ({ wish, claims, facts }) => checkNameFree(wish.input.name, claims.machines, facts.domains),
  checkQuota,
  checkMedia,
  checkDrivers,
  checkTryout,
  checkApplications,
  checkMinimum,
  checkTemplateKvm,
  checkVcpus,
  checkMemory,
  checkPlacement,
  checkGpus,
  checkDiskSize,
  checkDiskSpace,
  checkNetwork,
  checkFilter,
  checkFirmware,
  checkTpm,
  checkWindowsDemands,
  checkDisplay,
  checkAccelerator,
];

/** What was given of secrets; `password` is null where only its form for the guest is known. */
export interface FormSecrets {
  hasPassword: boolean;
  password: string | null;
  productKey: string | null;
}

/** What can be told without a look at the host. */
export function checkForm(
  input: CreateInput,
  template: Template | null,
  options: FormSecrets & { self: string },
): Finding[] {
  const findings = [
    ...checkNameText(input.name),
    ...checkTemplate(input.templateId, template),
    ...checkKeys(input.sshKeys),
  ];
  if (template === null) return findings;
  const { productKey, self, ...secrets } = options;
  const user = guestUser(input, template, self);
  return [
    ...findings,
    ...checkProductKey(template, productKey),
    ...checkUser(template, user),
    ...checkPassword(template, { keys: input.sshKeys, user, ...secrets }),
  ];
}

export function checkHost(input: CheckInput): Finding[] {
  return HOST_CHECKS.flatMap((check) => check(input));
}

/** The checks of what creations compete for; run again inside the reservation's transaction. */
export function checkClaims(input: CheckInput): Finding[] {
  return [...checkMemory(input), ...checkDiskSpace(input)];
}

/** Throws the first error as a BerthError of the same code. */
export function throwFirstError(findings: readonly Finding[], stage: 'validate' | 'reserve'): void {
  const found = findings.find(({ severity }) => severity === 'error');
  if (found === undefined) return;
  throw new BerthError(found.code, found.message, {
    stage,
    retryable: true,
    ...(found.hint && { hint: found.hint }),
    ...(found.fix && { fix: found.fix }),
  });
}

/** Degradations that were accepted, to be shown on the machine. */
export function acceptedNotes(findings: readonly Finding[]): Finding[] {
  return findings
    .filter(({ severity, code }) => severity !== 'error' && code !== MEMORY_WAIT)
    .map(({ code, severity, message, hint }) => ({
      code,
      severity,
      message,
      ...(hint && { hint }),
    }));
}
