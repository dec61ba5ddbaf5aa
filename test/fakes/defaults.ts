import type { CreateInput } from '../../src-contract/model/create-request.ts';
import type { Template } from '../../src-contract/model/template.ts';

/** What a template says of the things that most tests are not about. */
export const templateDefaults = {
  categoryId: 'other',
  cpuPolicy: 'none',
  hugepages: 'none',
  extraDisks: [],
  applications: [],
  firstBootScripts: [],
  minimum: { vcpus: 0, memoryBytes: 0, diskBytes: 0 },
  needsKvm: false,
} satisfies Partial<Template>;

export const inputDefaults = {
  departmentId: 'personal',
  sshKeys: [],
  overrides: {},
  applications: [],
  gpus: [],
  priority: 0,
} satisfies Partial<CreateInput>;
