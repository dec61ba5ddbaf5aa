import { SecretMask } from '../../../core/domain/secret-mask.ts';
import { isSecretName } from '../../../core/domain/secret-names.ts';

const MASK = '[redacted]';

const DEPTH_MAX = 6;
const ITEMS_MAX = 100;
const TEXT_MAX = 8192;

/** Makes what is logged small, printable and free of secrets, by the name of a field and by known values. */
export class Redactor {
  readonly #mask = new SecretMask(MASK);

  /** Masks `value` wherever it appears, in any form, until the returned function is called. */
  add(value: string): () => void {
    return this.#mask.keep(value);
  }

  text(text: string): string {
    const masked = this.#mask.text(text);
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
    return this.#mask.has(String(value)) ? MASK : value;
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
