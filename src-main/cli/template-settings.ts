import { parseSize } from './sizes.ts';
import { UsageError } from './usage-error.ts';

const SHORT: Record<string, string> = {
  cpus: 'vcpus',
  memory: 'memoryBytes',
  disk: 'diskBytes',
  category: 'categoryId',
};

/**
 * `KEY=VALUE` words as fields of a template: `cpus`, `memory`, `disk` and `category` by their short names, any other
 * field by its own, `os.label` for one inside another, whose other fields are those of `base`. A value is JSON where
 * it can be read as such, else text.
 */
export function parseTemplateSettings(
  words: readonly string[],
  base: Record<string, unknown> = {},
): Record<string, unknown> {
  const fields: Record<string, unknown> = {};
  for (const word of words) {
    const [, key, value] = /^([A-Za-z0-9]+(?:\.[A-Za-z0-9]+)*)=(.*)$/s.exec(word) ?? [];
    if (key === undefined || value === undefined) {
      throw new UsageError(`--set ${word}: it is KEY=VALUE.`);
    }
    const path = (SHORT[key] ?? key).split('.');
    const [first = ''] = path;
    if (path.length > 1 && !Object.hasOwn(fields, first)) fields[first] = base[first];
    put(fields, path, readValue(SHORT[key] ?? key, value));
  }
  return fields;
}

function readValue(key: string, value: string): unknown {
  if (key.endsWith('Bytes')) return parseSize(value);
  try {
    return JSON.parse(value);
  } catch {
    return value;
  }
}

function put(into: Record<string, unknown>, path: readonly string[], value: unknown): void {
  const [first = '', ...rest] = path;
  if (rest.length === 0) {
    into[first] = value;
    return;
  }
  const inner: Record<string, unknown> = {};
  const before = into[first];
  if (typeof before === 'object' && before !== null) Object.assign(inner, before);
  put(inner, rest, value);
  into[first] = inner;
}
