import type { InvokeInput } from '../../../src-contract/derive.ts';
import type { ChosenApplication } from '../../../src-contract/model/application.ts';
import type { CreateInput, Overrides } from '../../../src-contract/model/create-request.ts';
import { PERSONAL_DEPARTMENT } from '../../../src-contract/model/department.ts';
import type { Fix } from '../../../src-contract/model/error.ts';
import type { Template } from '../../../src-contract/model/template.ts';
import { answersWindows, wantsUnattended } from '../../../src-contract/model/unattended.ts';

export type SshKey = { name: string; key: string };

/** The form as a person left it; what differs from the template goes into `overrides`. */
export type CreateForm = {
  departmentId: string;
  name: string;
  user: string;
  password: string;
  /** Of Windows; empty = none. */
  productKey: string;
  /** Keys found on this computer that are ticked. */
  keys: readonly string[];
  pastedKey: string;
  overrides: Overrides;
  /** Addresses of graphics cards. */
  gpus: readonly string[];
  /** Machines like this one. */
  count: number;
  /** Greater is served first. */
  priority: number;
  /** Besides the template's. */
  applications: ChosenApplication[];
};

export type CreateRequestInput = InvokeInput<'creations.plan'>;

export function emptyForm(name: string, user: string, keys: readonly SshKey[]): CreateForm {
  return {
    departmentId: PERSONAL_DEPARTMENT,
    name,
    user,
    password: '',
    productKey: '',
    keys: keys.map(({ key }) => key),
    pastedKey: '',
    overrides: {},
    gpus: [],
    count: 1,
    priority: 0,
    applications: [],
  };
}

/** A form that says again what an earlier creation asked for; the password is not known here. */
export function formFromInput(input: CreateInput, found: readonly SshKey[]): CreateForm {
  const known = new Set(found.map(({ key }) => key));
  return {
    departmentId: input.departmentId,
    name: input.name,
    user: input.user ?? '',
    password: '',
    productKey: '',
    keys: input.sshKeys.filter((key) => known.has(key)),
    pastedKey: input.sshKeys.filter((key) => !known.has(key)).join('\n'),
    overrides: input.overrides,
    gpus: input.gpus,
    count: 1,
    priority: input.priority,
    applications: input.applications,
  };
}

const pastedKeys = (text: string): string[] =>
  text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');

/** Whether the guest gets an account: from cloud-init, or from an installer that is given the answers. */
export function takesLogin(template: Template): boolean {
  return template.login === 'cloud-init' || wantsUnattended(template);
}

export function toRequest(form: CreateForm, template: Template): CreateRequestInput {
  const request: CreateRequestInput = {
    templateId: template.id,
    departmentId: form.departmentId,
    name: form.name.trim(),
    overrides: form.overrides,
    ...(form.applications.length > 0 && { applications: form.applications }),
  };
  if (form.gpus.length > 0) request.gpus = [...form.gpus];
  if (form.count > 1) request.count = form.count;
  if (form.priority !== 0) request.priority = form.priority;
  if (!takesLogin(template)) return request;
  request.sshKeys = [...form.keys, ...pastedKeys(form.pastedKey)];
  if (form.user.trim() !== '') request.user = form.user.trim();
  if (form.password !== '') request.password = form.password;
  const key = form.productKey.trim().toUpperCase();
  if (key !== '' && answersWindows(template)) request.productKey = key;
  return request;
}

/** The template's hardware with the person's deviations. */
export function effectiveHardware(template: Template, overrides: Overrides) {
  return {
    vcpus: overrides.vcpus ?? template.vcpus,
    memoryBytes: overrides.memoryBytes ?? template.memoryBytes,
    diskBytes: overrides.diskBytes ?? template.diskBytes,
    network: overrides.network ?? template.network,
    firmware: overrides.firmware ?? template.firmware,
    cpuPolicy: overrides.cpuPolicy ?? template.cpuPolicy,
    hugepages: overrides.hugepages ?? template.hugepages,
    extraDisks: overrides.extraDisks ?? template.extraDisks,
  };
}

type SetField = Extract<Fix, { action: 'set-field' }>;

const NUMBERS = ['vcpus', 'memoryBytes', 'diskBytes'] as const;

/** Carries out a `set-field` remedy; the same form comes back when the field is not one of ours. */
export function setField(form: CreateForm, { field, value }: SetField): CreateForm {
  if (field === 'name' || field === 'user') {
    return typeof value === 'string' ? { ...form, [field]: value } : form;
  }
  if (field === 'count') return typeof value === 'number' ? { ...form, count: value } : form;
  const [group, key] = field.split('.');
  if (group !== 'overrides' || key === undefined) return form;
  const overrides = { ...form.overrides };
  const number = NUMBERS.find((name) => name === key);
  if (number) {
    if (typeof value === 'number') overrides[number] = value;
    else delete overrides[number];
    return { ...form, overrides };
  }
  if (key === 'mediaId' && typeof value === 'string')
    return { ...form, overrides: { ...overrides, mediaId: value } };
  if (key === 'driversMediaId' && typeof value === 'string') {
    return { ...form, overrides: { ...overrides, driversMediaId: value } };
  }
  if (key === 'firmware' && (value === 'bios' || value === 'uefi' || value === 'uefi-secure')) {
    return { ...form, overrides: { ...overrides, firmware: value } };
  }
  if (key === 'hugepages' && (value === 'none' || value === 'preferred' || value === 'required')) {
    return { ...form, overrides: { ...overrides, hugepages: value } };
  }
  return key === 'network' ? { ...form, overrides: withNetwork(overrides, value) } : form;
}

/** A network remedy is a kind (`user`, `auto`, `none`) or the name of a libvirt network. */
function withNetwork(overrides: Overrides, value: SetField['value']): Overrides {
  if (value === 'user' || value === 'auto' || value === 'none') {
    return { ...overrides, network: { kind: value } };
  }
  if (typeof value !== 'string' || value === '') return overrides;
  return { ...overrides, network: { kind: 'network', name: value } };
}
