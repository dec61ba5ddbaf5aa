import { applicationSchema } from '../../../src-contract/model/application.ts';
import { templateSchema } from '../../../src-contract/model/template.ts';
import { BerthError } from '../errors.ts';

/** What of a validator matters here. */
interface Schema<T> {
  safeParse(
    value: unknown,
  ): { success: true; data: T } | { success: false; error: { issues: Issue[] } };
}

interface Issue {
  path: PropertyKey[];
  message: string;
}

const LISTED_MAX = 5;

/** What a person need not say of a template. */
export const TEMPLATE_DEFAULTS = {
  description: '',
  firmware: 'uefi',
  tpm: false,
  video: 'virtio',
  audio: false,
  network: { kind: 'auto' },
  login: 'none',
  readiness: 'none',
  active: true,
  typicalSeconds: 60,
} as const;

// A misspelt field would silently change nothing.
const strictTemplate = templateSchema.strict();
const strictApplication = applicationSchema.strict();

/** Throws `template_invalid`, which names the fields. */
export const parseTemplate = (value: unknown) =>
  parse(strictTemplate, value, 'template_invalid', 'The template');

/** Throws `application_invalid`, which names the fields. */
export function parseApplication(value: unknown) {
  const application = parse(strictApplication, value, 'application_invalid', 'The application');
  for (const { name, pattern } of application.parameters) {
    if (pattern !== null && !isPattern(pattern)) {
      throw new BerthError(
        'application_invalid',
        `The application is not valid: the pattern of “${name}” is no regular expression.`,
      );
    }
  }
  return application;
}

/** Throws an error of that code; its message begins with `what` and names the path of each problem. */
export function parse<T>(schema: Schema<T>, value: unknown, code: string, what: string): T {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const { issues } = result.error;
  const listed = issues
    .slice(0, LISTED_MAX)
    .map(({ path, message }) => (path.length === 0 ? message : `${pathText(path)}: ${message}`));
  const rest = issues.length - listed.length;
  if (rest > 0) listed.push(`and ${rest} more`);
  throw new BerthError(code, `${what} is not valid: ${listed.join('; ')}`);
}

const pathText = (path: readonly PropertyKey[]): string =>
  path
    .map((part, at) =>
      typeof part === 'number' ? `[${part}]` : `${at === 0 ? '' : '.'}${String(part)}`,
    )
    .join('');

function isPattern(text: string): boolean {
  try {
    new RegExp(text);
    return true;
  } catch {
    return false;
  }
}
