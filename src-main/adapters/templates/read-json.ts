import { readFileSync } from 'node:fs';
import type { z } from 'zod';

/** What a JSON file holds. Throws what `invalid` makes of the reason, which names the field. */
export function readJson<T>(
  path: string,
  schema: z.ZodType<T>,
  invalid: (detail: string) => Error,
): T {
  const result = schema.safeParse(parseFile(path, invalid));
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  throw invalid(`${issue?.path.join('.') || 'the file'}: ${issue?.message ?? 'not valid'}`);
}

function parseFile(path: string, invalid: (detail: string) => Error): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    throw invalid(error instanceof Error ? error.message : String(error));
  }
}
