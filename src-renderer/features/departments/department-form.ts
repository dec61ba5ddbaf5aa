import type {
  Department,
  DepartmentChange,
  DepartmentNetwork,
  Quota,
} from '../../../src-contract/model/department.ts';
import type { FilterPreset } from '../../../src-contract/model/filter.ts';

const GIB = 1024 ** 3;

export type NetworkKind = 'none' | 'existing' | 'nat' | 'isolated';
export type Limits = Record<keyof Quota, string>;

/** The editor's fields as a person left them; an empty limit is none, sizes are in GiB. */
export type DepartmentForm = {
  name: string;
  description: string;
  network: NetworkKind;
  networkName: string;
  preset: FilterPreset;
  limits: Limits;
};

export const EMPTY_FORM: DepartmentForm = {
  name: '',
  description: '',
  network: 'none',
  networkName: 'default',
  preset: 'allow-all',
  limits: { machines: '', vcpus: '', memoryBytes: '', diskBytes: '', gpus: '' },
};

export const isSize = (resource: keyof Quota): boolean => resource.endsWith('Bytes');

export function formOf({ name, description, network, filter, quota }: Department): DepartmentForm {
  const limit = (resource: keyof Quota): string => {
    const value = quota[resource];
    if (value === null) return '';
    return String(isSize(resource) ? Number((value / GIB).toFixed(2)) : value);
  };
  return {
    name,
    description,
    network: network.kind === 'own' ? network.mode : network.kind,
    networkName: network.kind === 'existing' ? network.name : 'default',
    preset: filter.preset,
    limits: {
      machines: limit('machines'),
      vcpus: limit('vcpus'),
      memoryBytes: limit('memoryBytes'),
      diskBytes: limit('diskBytes'),
      gpus: limit('gpus'),
    },
  };
}

/** A limit as typed: null = none, undefined = not a number that a limit can be. */
export function parseLimit(resource: keyof Quota, text: string): number | null | undefined {
  if (text.trim() === '') return null;
  const value = Number(text);
  if (!Number.isFinite(value) || value < 0) return undefined;
  if (isSize(resource)) return Math.round(value * GIB);
  return Number.isInteger(value) ? value : undefined;
}

export function quotaOf({ limits }: DepartmentForm): Quota {
  const limit = (resource: keyof Quota) => parseLimit(resource, limits[resource]) ?? null;
  return {
    machines: limit('machines'),
    vcpus: limit('vcpus'),
    memoryBytes: limit('memoryBytes'),
    diskBytes: limit('diskBytes'),
    gpus: limit('gpus'),
  };
}

/** What differs from `before`; a network that is already made is kept as it is, and so are the filter's rules. */
export function changeOf(form: DepartmentForm, before: Department | null): DepartmentChange {
  const old = before === null ? EMPTY_FORM : formOf(before);
  const rules = before?.filter.rules ?? [];
  const otherNetwork =
    form.network !== old.network ||
    (form.network === 'existing' && form.networkName !== old.networkName);
  return {
    ...(form.name.trim() !== old.name && { name: form.name.trim() }),
    ...(form.description !== old.description && { description: form.description }),
    ...(otherNetwork && { network: networkOf(form) }),
    ...(form.preset !== old.preset && { filter: { preset: form.preset, rules } }),
  };
}

function networkOf({ network, networkName }: DepartmentForm): DepartmentNetwork {
  if (network === 'none') return { kind: 'none' };
  if (network === 'existing') return { kind: 'existing', name: networkName.trim() };
  return { kind: 'own', mode: network, network: null, subnet: null };
}

/** Why it cannot be saved; null = it can. */
export function formProblem(form: DepartmentForm): string | null {
  if (form.name.trim() === '') return 'A department needs a name.';
  if (form.network === 'existing' && form.networkName.trim() === '') {
    return 'The network needs a name.';
  }
  const resources = ['machines', 'vcpus', 'memoryBytes', 'diskBytes', 'gpus'] as const;
  const bad = resources.some(
    (resource) => parseLimit(resource, form.limits[resource]) === undefined,
  );
  return bad ? 'A limit is a number, or empty for none.' : null;
}
