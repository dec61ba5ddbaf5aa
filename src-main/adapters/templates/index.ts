import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { type Template, templateSchema } from '../../../src-contract/model/template.ts';
import { BerthError } from '../../core/errors.ts';
import { readJson } from './read-json.ts';

/** A misspelt field is an error here: these files are written by hand. */
const fileSchema = z.strictObject(templateSchema.shape).extend({ builtIn: z.literal(true) });

/**
 * The templates `*.json` that come with Berth, those that take the shortest first. A file's name is its
 * template's id.
 *
 * @throws BerthError `template_invalid` that names the file and the field; `template_missing` when the
 * folder cannot be read or has none.
 */
export function loadBuiltInTemplates(dir: string): Template[] {
  const names = list(dir).filter((name) => name.endsWith('.json'));
  if (names.length === 0) throw missing(dir, 'it has no templates');
  return names
    .map((name) => load(dir, name))
    .sort((a, b) => order(a) - order(b) || a.typicalSeconds - b.typicalSeconds);
}

function load(dir: string, name: string): Template {
  const path = join(dir, name);
  const template = readJson(path, fileSchema, (detail) => invalid(path, detail));
  if (`${template.id}.json` !== name) throw invalid(path, `id: is “${template.id}”`);
  return template;
}

/** An empty machine is quick to make, and the last thing that most people want. */
function order({ source }: Template): number {
  return source.kind === 'blank' ? 1 : 0;
}

function list(dir: string): string[] {
  try {
    return readdirSync(dir).sort();
  } catch (error) {
    throw missing(dir, error instanceof Error ? error.message : String(error));
  }
}

function invalid(path: string, detail: string): BerthError {
  return new BerthError('template_invalid', `The template ${path} is not valid: ${detail}`);
}

function missing(dir: string, detail: string): BerthError {
  return new BerthError('template_missing', `The templates of Berth are missing: ${detail}`, {
    hint: `They belong in ${dir}. The installation is not complete.`,
  });
}
