import type { CreateInput, CreateRequest } from '../../../src-contract/model/create-request.ts';
import type {
  CpuPolicy,
  HugepagesPolicy,
  NetworkChoice,
  Template,
} from '../../../src-contract/model/template.ts';

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
  /** The image to start from; null when the source is not an image, or none is chosen yet. */
  mediaId: string | null;
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
    mediaId: source.kind === 'image' ? (overrides.mediaId ?? source.mediaId) : null,
  };
}

/** Whether the guest gets a seed medium with a user, a password and keys. */
export function hasSeed(template: Template): boolean {
  return template.login === 'cloud-init';
}
