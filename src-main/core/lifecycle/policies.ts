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

export class PolicyService {
  readonly #settings: Settings;

  constructor(settings: Settings) {
    this.#settings = settings;
  }

  get(): Policies {
    return readPolicies(this.#settings);
  }

  /** What is left out stays. */
  change(change: PolicyChange): Policies {
    const policies = { ...this.get(), ...withoutGaps(change) };
    this.#settings.set(KEY, JSON.stringify(policies));
    return policies;
  }
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
