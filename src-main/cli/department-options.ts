import {
  type DepartmentNetwork,
  type Member,
  memberSchema,
} from '../../src-contract/model/department.ts';
import { FILTER_PRESETS, type FilterPreset } from '../../src-contract/model/filter.ts';
import type { QuotaChange } from '../core/domain/quota.ts';
import { parseSize } from './sizes.ts';
import { UsageError } from './usage-error.ts';

/** `machines=5,vcpus=8,memory=16GiB,disk=none`: limits; `none` lifts one. */
export function parseQuota(text: string): QuotaChange {
  const change: QuotaChange = {};
  for (const pair of text.split(',')) {
    const [key = '', value = ''] = pair.split('=', 2).map((part) => part.trim());
    switch (key) {
      case 'machines':
      case 'vcpus':
      case 'gpus':
        change[key] = value === 'none' ? null : parseLimit(value);
        break;
      case 'memory':
        change.memoryBytes = value === 'none' ? null : parseSize(value);
        break;
      case 'disk':
        change.diskBytes = value === 'none' ? null : parseSize(value);
        break;
      default:
        throw new UsageError(`--quota knows machines, vcpus, memory, disk and gpus, not "${key}".`);
    }
  }
  return change;
}

function parseLimit(text: string): number {
  if (/^\d{1,9}$/.test(text)) return Number(text);
  throw new UsageError(`"${text}" is not a limit: a number, or none.`);
}

/** `none`, `nat`, `isolated`, or the name of a network of this host. */
export function parseNetwork(text: string): DepartmentNetwork {
  if (text === 'none') return { kind: 'none' };
  if (text === 'nat' || text === 'isolated') {
    return { kind: 'own', mode: text, network: null, subnet: null };
  }
  if (text === '') throw new UsageError('--network needs none, nat, isolated or a name.');
  return { kind: 'existing', name: text };
}

export function parsePreset(text: string): FilterPreset {
  const preset = FILTER_PRESETS.find((known) => known === text);
  if (preset !== undefined) return preset;
  throw new UsageError(`--filter is one of ${FILTER_PRESETS.join(', ')}, not "${text}".`);
}

/** `user:ada` or `group:lab`; a name alone is a user's. */
export function parseAccount(text: string): Pick<Member, 'kind' | 'name'> {
  const match = /^(?:(user|group):)?([^:=]+)$/.exec(text);
  const name = match?.[2];
  if (name === undefined)
    throw new UsageError(`"${text}" is not a member: user:NAME or group:NAME.`);
  return { kind: match?.[1] === 'group' ? 'group' : 'user', name };
}

/** `user:ada=operator`. */
export function parseMember(text: string): Member {
  const at = text.lastIndexOf('=');
  const account = parseAccount(at === -1 ? text : text.slice(0, at));
  const parsed = memberSchema.safeParse({ ...account, role: at === -1 ? '' : text.slice(at + 1) });
  if (parsed.success) return parsed.data;
  throw new UsageError(`"${text}": a member is like user:ada=viewer, operator, manager or owner.`);
}
