import { z } from 'zod';
import type { BerthError } from '../../core/errors.ts';
import { damaged, type StoreLocation } from './store-error.ts';

export const flagColumn = z
  .union([z.literal(0), z.literal(1)])
  .transform((value): boolean => value === 1);

/** A TEXT column that holds JSON of a known shape. */
export function jsonColumn<S extends z.ZodType>(schema: S) {
  return z
    .string()
    .transform((text, context): unknown => {
      try {
        return JSON.parse(text);
      } catch {
        context.addIssue({ code: 'custom', message: 'is not JSON' });
        return z.NEVER;
      }
    })
    .pipe(schema);
}

/** Turns rows into values. A row that is not what its table should hold is `database_damaged`. */
export class RowReader {
  readonly #location: StoreLocation;
  readonly #report: (error: BerthError) => void;
  readonly #reported = new Set<string>();

  /** `report` hears of each row that a list had to leave out, once. */
  constructor(location: StoreLocation, report: (error: BerthError) => void) {
    this.#location = location;
    this.#report = report;
  }

  /** @throws BerthError `database_damaged` that names table, row and field. */
  one<T>(table: string, schema: z.ZodType<T>, row: unknown): T {
    const result = schema.safeParse(row);
    if (result.success) return result.data;
    throw this.#problem(table, row, result.error);
  }

  maybe<T>(table: string, schema: z.ZodType<T>, row: unknown): T | null {
    return row === undefined ? null : this.one(table, schema, row);
  }

  /** The rows that can be read; one bad row does not take the others away. */
  list<T>(table: string, schema: z.ZodType<T>, rows: unknown[]): T[] {
    return rows.flatMap((row) => {
      const result = schema.safeParse(row);
      if (result.success) return [result.data];
      const key = `${table}/${rowId(row)}`;
      if (!this.#reported.has(key)) this.#report(this.#problem(table, row, result.error));
      this.#reported.add(key);
      return [];
    });
  }

  /** Every row, or `database_damaged`: where leaving one out would be worse than stopping. */
  all<T>(table: string, schema: z.ZodType<T>, rows: unknown[]): T[] {
    return rows.map((row) => this.one(table, schema, row));
  }

  #problem(table: string, row: unknown, error: z.ZodError): BerthError {
    const issue = error.issues[0];
    const field = issue?.path.join('.') || 'row';
    const detail = `table ${table}, row ${rowId(row)}: ${field}: ${issue?.message ?? 'unreadable'}`;
    return damaged(this.#location, detail, error);
  }
}

const identified = z.object({ id: z.union([z.string(), z.number()]) });

function rowId(row: unknown): string {
  const parsed = identified.safeParse(row);
  return parsed.success ? String(parsed.data.id) : '?';
}
