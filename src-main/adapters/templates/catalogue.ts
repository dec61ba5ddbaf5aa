import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { type Application, applicationSchema } from '../../../src-contract/model/application.ts';
import { BerthError } from '../../core/errors.ts';

/** A misspelt field is an error here: the file is written by hand. */
const fileSchema = z.array(
  z.strictObject(applicationSchema.shape).extend({ builtIn: z.literal(true) }),
);

/** The applications that come with Berth. Throws BerthError `catalogue_invalid`, which names the field. */
export function loadCatalogue(path: string): Application[] {
  const result = fileSchema.safeParse(readJson(path));
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  throw invalid(path, `${issue?.path.join('.') || 'the file'}: ${issue?.message ?? 'not valid'}`);
}

function readJson(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    throw invalid(path, error instanceof Error ? error.message : String(error));
  }
}

function invalid(path: string, detail: string): BerthError {
  return new BerthError('catalogue_invalid', `The catalogue ${path} is not valid: ${detail}`);
}
