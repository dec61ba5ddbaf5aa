import { isSecretName } from '../../../core/domain/secret-names.ts';

const MASK = '[redacted]';

const DEPTH_MAX = 6;
const ITEMS_MAX = 100;
const TEXT_MAX = 8192;

/** Makes what is logged small, printable and free of secrets, by the name of a field and by known values. */
export class Redactor {
  readonly #values = new Set<string>();
  #pattern: RegExp | undefined;

  /** From now on `value` is masked wherever it appears, also as base64, in a URI and in XML. */
  add(value: string): void {
    if (value === '') return;
    const base64 = Buffer.from(value).toString('base64').replace(/=+$/, '');
    for (const form of [value, base64, safeUri(value), xmlEscaped(value)]) this.#values.add(form);
    // The longest first: one secret may begin with another.
    const forms = [...this.#values].sort((a, b) => b.length - a.length);
    this.#pattern = new RegExp(forms.map((form) => escaped(form)).join('|'), 'g');
  }

  text(text: string): string {
    const masked = this.#pattern ? text.replace(this.#pattern, MASK) : text;
    return masked.length > TEXT_MAX ? `${masked.slice(0, TEXT_MAX)}…` : masked;
  }

  /** A copy for JSON.stringify, of values of any kind. */
  fields(fields: Record<string, unknown>): Record<string, unknown> {
    return this.#fields(Object.entries(fields), [fields]);
  }

  #copy(value: unknown, parents: object[]): unknown {
    if (typeof value === 'string') return this.text(value);
    if (typeof value === 'bigint') return this.text(String(value));
    if (typeof value === 'number') return this.#number(value);
    if (typeof value === 'function' || typeof value === 'symbol') return undefined;
    if (typeof value !== 'object' || value === null) return value;
    if (value instanceof Uint8Array) return `[${value.length} bytes]`;
    if (parents.includes(value)) return '[circular]';
    if (parents.length >= DEPTH_MAX) return '[…]';
    const inside = [...parents, value];
    if (value instanceof Error) return this.#error(value, inside);
    if (Array.isArray(value)) {
      return value.slice(0, ITEMS_MAX).map((item) => this.#copy(item, inside));
    }
    return this.#fields(Object.entries(value), inside);
  }

  /** A secret of digits may also be logged as a number. */
  #number(value: number): unknown {
    return this.#values.has(String(value)) ? MASK : value;
  }

  #fields(entries: [string, unknown][], parents: object[]): Record<string, unknown> {
    const copies = entries.slice(0, ITEMS_MAX).map(([name, value]): [string, unknown] => {
      return [this.text(name), isSecret(name, value) ? MASK : this.#copy(value, parents)];
    });
    return Object.fromEntries(copies);
  }

  #error(error: Error, parents: object[]): Record<string, unknown> {
    const { name, message, stack, cause } = error;
    const own = Object.entries(error).filter(([, value]) => value !== undefined);
    const basics: [string, unknown][] = [
      ['name', name],
      ['message', message],
      ['stack', stack],
      ['cause', cause],
    ];
    return this.#fields([...basics.filter(([, value]) => value !== undefined), ...own], parents);
  }
}

/** Flags about a secret (`hasSecret`) tell nothing of it. */
function isSecret(name: string, value: unknown): boolean {
  if (value === null || value === undefined || typeof value === 'boolean') return false;
  return isSecretName(name);
}

function escaped(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|]/g, '\\$&');
}

function safeUri(value: string): string {
  return encodeURIComponent(value.toWellFormed());
}

function xmlEscaped(value: string): string {
  return value
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&apos;');
}
