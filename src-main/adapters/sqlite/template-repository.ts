import { z } from 'zod';
import { type Application, applicationSchema } from '../../../src-contract/model/application.ts';
import { templateSchema } from '../../../src-contract/model/template.ts';
import {
  type TemplateCategory,
  templateCategorySchema,
} from '../../../src-contract/model/template-bundle.ts';
import type { TemplateRecord, TemplateRepository } from '../../core/ports/template-repository.ts';
import { flagColumn, jsonColumn, type RowReader } from './rows.ts';
import type { SqlConnection } from './sql-connection.ts';

const templateRow = z.object({
  id: z.string(),
  template: jsonColumn(templateSchema.nullable()),
  archived: flagColumn,
  createdAt: z.number(),
  updatedAt: z.number(),
});

const categoryRow = templateCategorySchema.omit({ builtIn: true });
const applicationRow = z.object({ id: z.string(), record: jsonColumn(applicationSchema) });

export class SqliteTemplates implements TemplateRepository {
  readonly #sql: SqlConnection;
  readonly #rows: RowReader;

  constructor(sql: SqlConnection, rows: RowReader) {
    this.#sql = sql;
    this.#rows = rows;
  }

  list(): TemplateRecord[] {
    const rows = this.#sql.all(
      `SELECT id, record AS template, archived, created_at AS createdAt, updated_at AS updatedAt
       FROM templates ORDER BY created_at, id`,
    );
    return this.#rows.list('templates', templateRow, rows);
  }

  save({ id, template, archived, createdAt, updatedAt }: TemplateRecord): void {
    this.#sql.run(
      `INSERT INTO templates (id, record, archived, created_at, updated_at) VALUES (?, ?, ?, ?, ?)
       ON CONFLICT DO UPDATE SET record = excluded.record, archived = excluded.archived,
       updated_at = excluded.updated_at`,
      id,
      JSON.stringify(template),
      archived ? 1 : 0,
      createdAt,
      updatedAt,
    );
  }

  remove(id: string): void {
    this.#sql.run('DELETE FROM templates WHERE id = ?', id);
  }

  categories(): TemplateCategory[] {
    const rows = this.#sql.all(
      'SELECT id, name, description, position FROM template_categories ORDER BY position, name, id',
    );
    return this.#rows
      .list('template_categories', categoryRow, rows)
      .map((row) => ({ ...row, builtIn: false }));
  }

  saveCategory({ id, name, description, position }: TemplateCategory): void {
    this.#sql.run(
      `INSERT INTO template_categories (id, name, description, position) VALUES (?, ?, ?, ?)
       ON CONFLICT DO UPDATE SET name = excluded.name, description = excluded.description,
       position = excluded.position`,
      id,
      name,
      description,
      position,
    );
  }

  removeCategory(id: string): void {
    this.#sql.run('DELETE FROM template_categories WHERE id = ?', id);
  }

  applications(): Application[] {
    const rows = this.#sql.all('SELECT id, record FROM applications ORDER BY id');
    return this.#rows.list('applications', applicationRow, rows).map(({ record }) => record);
  }

  saveApplication(application: Application): void {
    this.#sql.run(
      `INSERT INTO applications (id, record) VALUES (?, ?)
       ON CONFLICT DO UPDATE SET record = excluded.record`,
      application.id,
      JSON.stringify(application),
    );
  }

  removeApplication(id: string): void {
    this.#sql.run('DELETE FROM applications WHERE id = ?', id);
  }

  atomically<T>(body: () => T): T {
    return this.#sql.immediate(body);
  }
}
