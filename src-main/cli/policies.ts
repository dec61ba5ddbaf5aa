import { policyChangeSchema } from '../../src-contract/model/policies.ts';
import { EXIT, type GlobalOptions, type Session, withBerth } from './session.ts';
import { UsageError } from './usage-error.ts';

export function showPolicies(options: GlobalOptions): Promise<number> {
  return withBerth(options, { connection: 'none' }, async (session) => {
    print(session, await session.call('policies.get', undefined));
    return EXIT.done;
  });
}

/** Words such as `creationSlots=3`. */
export function setPolicies(words: readonly string[], options: GlobalOptions): Promise<number> {
  return withBerth(options, { connection: 'none' }, async (session) => {
    const parsed = policyChangeSchema.strict().safeParse(Object.fromEntries(words.map(readWord)));
    if (!parsed.success) {
      const problems = parsed.error.issues.map(
        (issue) => `${String(issue.path[0] ?? '')} ${issue.message}`,
      );
      throw new UsageError(problems.join('; ').trim());
    }
    print(session, await session.call('policies.set', parsed.data));
    return EXIT.done;
  });
}

function readWord(word: string): [string, string | number] {
  const [, key, value] = /^(\w+)=(.+)$/.exec(word) ?? [];
  if (key === undefined || value === undefined) {
    throw new UsageError(`"${word}" is not KEY=VALUE.`);
  }
  return [key, Number.isNaN(Number(value)) ? value : Number(value)];
}

function print({ out }: Session, policies: Record<string, string | number>): void {
  out.record(policies);
  for (const [key, value] of Object.entries(policies)) out.text(`${key}=${value}`);
}
