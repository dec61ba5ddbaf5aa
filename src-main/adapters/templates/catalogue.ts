import { z } from 'zod';
import { type Application, applicationSchema } from '../../../src-contract/model/application.ts';
import { BerthError } from '../../core/errors.ts';
import { readJson } from './read-json.ts';

/** A misspelt field is an error here: the file is written by hand. */
const fileSchema = z.array(
  z.strictObject(applicationSchema.shape).extend({ builtIn: z.literal(true) }),
);

/** The applications that come with Berth. Throws BerthError `catalogue_invalid`, which names the field. */
export const loadCatalogue = (path: string): Application[] =>
  readJson(
    path,
    fileSchema,
    (detail) =>
      new BerthError('catalogue_invalid', `The catalogue ${path} is not valid: ${detail}`),
  );
