import { isSecretName } from './secret-names.ts';

const MASK = '[secret]';
const TEXT_MAX = 200;
const ITEMS_MAX = 20;
const FIELDS_MAX = 40;
const DEPTH_MAX = 5;
/** Of one entry, as JSON in UTF-16 units. */
const TOTAL_MAX = 8192;

/**
 * A command's arguments as they may be kept: what its field's name calls a secret is masked, long texts and
 * lists are cut, bytes and functions are told by their kind. Arguments that are no object become `{ value }`.
 */
export function withoutSecrets(inputs: unknown): Record<string, unknown> {
  if (inputs === undefined || inputs === null) return {};
  const isFields = typeof inputs === 'object' && !Array.isArray(inputs) && !isBytes(inputs);
  const kept = isFields ? fields(inputs, 0) : { value: copy(inputs, 1) };
  const size = JSON.stringify(kept).length;
  return size <= TOTAL_MAX ? kept : { leftOut: `${size} characters of arguments` };
}

function fields(value: object, depth: number): Record<string, unknown> {
  const entries = Object.entries(value);
  const kept = entries
    .slice(0, FIELDS_MAX)
    .map(([name, one]): [string, unknown] => [
      cut(name),
      isSecretName(name) && holdsValue(one) ? MASK : copy(one, depth + 1),
    ]);
  const rest = entries.length - kept.length;
  return Object.fromEntries(rest > 0 ? [...kept, ['…', `${rest} more`]] : kept);
}

function copy(value: unknown, depth: number): unknown {
  if (typeof value === 'string') return cut(value);
  if (typeof value === 'number') return Number.isFinite(value) ? value : String(value);
  if (typeof value === 'bigint') return cut(String(value));
  if (typeof value === 'boolean' || value === null || value === undefined) return value;
  if (typeof value !== 'object') return `[${typeof value}]`;
  if (isBytes(value)) return `[${value.byteLength} bytes]`;
  if (depth > DEPTH_MAX) return '[…]';
  if (!Array.isArray(value)) return fields(value, depth);
  const rest = value.length - ITEMS_MAX;
  const items = value.slice(0, ITEMS_MAX).map((item) => copy(item, depth + 1));
  return rest > 0 ? [...items, `… and ${rest} more`] : items;
}

/** Flags about a secret (`hasSecret`) and empty fields tell nothing of it. */
function holdsValue(value: unknown): boolean {
  return value !== undefined && value !== null && typeof value !== 'boolean';
}

function isBytes(value: object): value is ArrayBufferView | ArrayBuffer {
  return ArrayBuffer.isView(value) || value instanceof ArrayBuffer;
}

function cut(text: string): string {
  return text.length > TEXT_MAX ? `${text.slice(0, TEXT_MAX)}… (${text.length})` : text;
}
