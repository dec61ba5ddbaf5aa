import type { Application } from '../../src-contract/model/application.ts';
import type { TemplateCategory } from '../../src-contract/model/template-bundle.ts';
import type {
  TemplateRecord,
  TemplateRepository,
} from '../../src-main/core/ports/template-repository.ts';

/** The tables of templates, categories and applications. */
export class FakeTemplateTables {
  readonly templates = new Map<string, TemplateRecord>();
  readonly categories = new Map<string, TemplateCategory>();
  readonly applications = new Map<string, Application>();
}

interface Handle {
  tables: FakeTemplateTables;
  read: <T>(value: T) => T;
  write: <T>(method: string, act: () => T) => T;
}

const compare = <T>(a: T, b: T) => (a < b ? -1 : Number(a > b));

export function fakeTemplates({ tables, read, write }: Handle): TemplateRepository {
  const { templates, categories, applications } = tables;
  const byAge = (a: TemplateRecord, b: TemplateRecord) =>
    compare(a.createdAt, b.createdAt) || compare(a.id, b.id);
  const byPlace = (a: TemplateCategory, b: TemplateCategory) =>
    compare(a.position, b.position) || compare(a.name, b.name);
  return {
    list: () => read([...templates.values()].sort(byAge)),
    save: (record) =>
      write('templates.save', () => {
        const createdAt = templates.get(record.id)?.createdAt ?? record.createdAt;
        templates.set(record.id, structuredClone({ ...record, createdAt }));
      }),
    remove: (id) => write('templates.remove', () => void templates.delete(id)),
    categories: () => read([...categories.values()].sort(byPlace)),
    saveCategory: (category) =>
      write('templates.saveCategory', () => void categories.set(category.id, { ...category })),
    removeCategory: (id) => write('templates.removeCategory', () => void categories.delete(id)),
    applications: () => read([...applications.values()].sort((a, b) => compare(a.id, b.id))),
    saveApplication: (application) =>
      write(
        'templates.saveApplication',
        () => void applications.set(application.id, structuredClone(application)),
      ),
    removeApplication: (id) =>
      write('templates.removeApplication', () => void applications.delete(id)),
    atomically: (body) => body(),
  };
}
