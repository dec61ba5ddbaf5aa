import { BerthError } from '../core/errors.ts';

/**
 * A department by its id or its name (in any case), whether the person may see it or not: that is for the command to
 * say. Throws `department_missing`.
 */
export function findDepartment<T extends { id: string; name: string }>(
  departments: readonly T[],
  ref: string,
): T {
  const wanted = fold(ref);
  const found =
    departments.find(({ id }) => id === ref) ??
    departments.find(({ name }) => fold(name) === wanted);
  if (found !== undefined) return found;
  throw new BerthError('department_missing', `There is no department "${ref}".`, {
    hint: '"berth departments list" shows those that you can see.',
  });
}

function fold(text: string): string {
  return text.normalize('NFC').toLowerCase();
}
