import {
  type Policies,
  type PolicyChange,
  policiesSchema,
} from '../../../src-contract/model/policies.ts';
import type { Store } from '../ports/repositories.ts';

const KEY = 'policies';

type Settings = Pick<Store['settings'], 'get' | 'set'>;

/** What is stored and cannot be understood counts as the defaults. */
export function readPolicies(settings: Settings): Policies {
  const parsed = policiesSchema.safeParse(parseJson(settings.get(KEY)));
  return parsed.success ? parsed.data : policiesSchema.parse({});
}

export function changePolicies(settings: Settings, change: PolicyChange): Policies {
  const policies = { ...readPolicies(settings), ...withoutGaps(change) };
  settings.set(KEY, JSON.stringify(policies));
  return policies;
}

function withoutGaps(change: PolicyChange): Partial<Policies> {
  return Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined));
}

function parseJson(text: string | null): unknown {
  try {
    return JSON.parse(text ?? '{}');
  } catch {
    return {};
  }
}
