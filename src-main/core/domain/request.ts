import type { ChosenApplication } from '../../../src-contract/model/application.ts';
import type { CreateInput, CreateRequest } from '../../../src-contract/model/create-request.ts';
import type {
  CpuPolicy,
  HugepagesPolicy,
  NetworkChoice,
  Template,
} from '../../../src-contract/model/template.ts';
import { wantsUnattended } from '../../../src-contract/model/unattended.ts';
import { chooseApplications } from './first-boot.ts';

/** A template with a person's deviations applied; nothing of the host is decided yet. */
export interface Wish {
  input: CreateInput;
  template: Template;
  vcpus: number;
  memoryBytes: number;
  /** 0 for a machine without a disk. */
  diskBytes: number;
  firmware: Template['firmware'];
  network: NetworkChoice;
  cpuPolicy: CpuPolicy;
  hugepages: HugepagesPolicy;
  extraDisks: { capacityBytes: number }[];
  /** The image or installation medium; null when the source is neither, or none is chosen yet. */
  mediaId: string | null;
  applications: ChosenApplication[];
  /** Name of the image of Windows on its medium; null = the usual one. */
  edition: string | null;
  /** Id of the medium with virtio drivers for Windows, or `none`; null = the newest of the library. */
  drivers: string | null;
}

/** The request without its secrets. */
export function inputOf(request: CreateRequest): CreateInput {
  const { password: _, productKey: __, ...input } = request;
  return input;
}

export function wishOf(input: CreateInput, template: Template): Wish {
  const { overrides } = input;
  const { source } = template;
  return {
    input,
    template,
    vcpus: overrides.vcpus ?? template.vcpus,
    memoryBytes: overrides.memoryBytes ?? template.memoryBytes,
    diskBytes: source.kind === 'tryout' ? 0 : (overrides.diskBytes ?? template.diskBytes),
    firmware: overrides.firmware ?? template.firmware,
    network: overrides.network ?? template.network,
    cpuPolicy: overrides.cpuPolicy ?? template.cpuPolicy,
    hugepages: overrides.hugepages ?? template.hugepages,
    // A machine that lives in memory has no disks at all.
    extraDisks: source.kind === 'tryout' ? [] : (overrides.extraDisks ?? template.extraDisks),
    applications: chooseApplications(template.applications, input.applications),
    mediaId:
      source.kind === 'image' || source.kind === 'installer'
        ? (overrides.mediaId ?? source.mediaId)
        : null,
    ...windowsWish(overrides, source),
  };
}

function windowsWish(
  { edition, driversMediaId }: CreateInput['overrides'],
  source: Template['source'],
): Pick<Wish, 'edition' | 'drivers'> {
  const own = source.kind === 'installer' ? source : null;
  return {
    edition: edition ?? own?.edition ?? null,
    drivers: driversMediaId ?? own?.drivers ?? null,
  };
}

/** Whether the guest takes a user, a password and keys from a seed medium. */
export function hasSeed(template: Template): boolean {
  return template.login === 'cloud-init' || wantsUnattended(template);
}

/** Whether something in the guest runs applications and scripts at its first boot. */
export function runsFirstBoot(template: Template): boolean {
  return hasSeed(template) || template.source.kind === 'tryout';
}

/** Whether the machine gets a seed medium: for the account, or for what its first boot runs. */
export function needsSeed({ template, applications }: Wish): boolean {
  if (hasSeed(template)) return true;
  return runsFirstBoot(template) && applications.length + template.firstBootScripts.length > 0;
}
