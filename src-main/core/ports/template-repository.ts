import type { Application } from '../../../src-contract/model/application.ts';
import type { Template } from '../../../src-contract/model/template.ts';
import type { TemplateCategory } from '../../../src-contract/model/template-bundle.ts';

/** A person's own template, or what is remembered of a built-in one. */
export interface TemplateRecord {
  id: string;
  /** Null for a built-in one: it is never changed. */
  template: Template | null;
  archived: boolean;
  createdAt: number;
  updatedAt: number;
}

/** Everything here is synchronous (SQLite). */
export interface TemplateRepository {
  /** Oldest first. */
  list(): TemplateRecord[];
  /** Inserts or replaces; `createdAt` of one that is there stays. */
  save(record: TemplateRecord): void;
  remove(id: string): void;
  /** A person's own, by position and name. */
  categories(): TemplateCategory[];
  saveCategory(category: TemplateCategory): void;
  removeCategory(id: string): void;
  /** A person's own, by id. */
  applications(): Application[];
  saveApplication(application: Application): void;
  removeApplication(id: string): void;
  /** Runs `body` in one transaction that holds the write lock from its start; a throw rolls it back. */
  atomically<T>(body: () => T): T;
}
