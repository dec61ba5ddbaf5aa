import type { Application } from '../../../src-contract/model/application.ts';
import type { Template } from '../../../src-contract/model/template.ts';
import type { TemplateCategory } from '../../../src-contract/model/template-bundle.ts';

const ID_MAX = 63;
const OTHER = 'other';

const builtIn = (
  position: number,
  id: string,
  name: string,
  description: string,
): TemplateCategory => ({ id, name, description, position, builtIn: true });

export const BUILT_IN_CATEGORIES: readonly TemplateCategory[] = [
  builtIn(10, 'tryout', 'Try-out', 'Starts in seconds and shows that machines work here.'),
  builtIn(20, 'desktop', 'Desktop', 'With a screen to work at.'),
  builtIn(30, 'server', 'Server', 'For services; without a desktop.'),
  builtIn(40, 'cloud', 'Cloud', 'From ready-made images.'),
  builtIn(50, 'lab', 'Lab', 'For courses and experiments.'),
  builtIn(900, OTHER, 'Other', 'Everything else.'),
];

export interface TemplateLike {
  id: string;
  template: Template | null;
  archived: boolean;
}

/**
 * Built-in templates, archived or not, then a person's own. What is in no known category is in “Other”.
 */
export function mergeTemplates(
  builtIns: readonly Template[],
  records: readonly TemplateLike[],
  categories: readonly TemplateCategory[],
): Template[] {
  const archived = new Set(records.filter((one) => one.archived).map(({ id }) => id));
  const known = new Set(categories.map(({ id }) => id));
  const ids = new Set(builtIns.map(({ id }) => id));
  const own = records.flatMap(({ id, template }) =>
    template === null || ids.has(id) ? [] : [{ ...template, id, builtIn: false }],
  );
  return [...builtIns, ...own].map((template) => ({
    ...template,
    active: template.active && !archived.has(template.id),
    categoryId: known.has(template.categoryId) ? template.categoryId : OTHER,
  }));
}

/** An entry of a person's own has another id than those built in. */
export function mergeApplications(
  builtIns: readonly Application[],
  own: readonly Application[],
): Application[] {
  const ids = new Set(builtIns.map(({ id }) => id));
  return [...builtIns, ...own.filter(({ id }) => !ids.has(id))];
}

/** `base`, or `base-2`, `base-3` …: the first id that is free. */
export function freeId(base: string, isTaken: (id: string) => boolean): string {
  for (let number = 1; ; number++) {
    const suffix = number === 1 ? '' : `-${number}`;
    const id = `${base.slice(0, ID_MAX - suffix.length).replace(/-+$/, '')}${suffix}`;
    if (!isTaken(id)) return id;
  }
}

/** An id that a name suggests: lower-case letters, digits and hyphens. */
export function idFromName(name: string, fallback: string): string {
  const plain = name
    .normalize('NFKD')
    .toLowerCase()
    .replaceAll(/\p{M}/gu, '')
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-+|-+$/g, '')
    .slice(0, ID_MAX)
    .replace(/-+$/, '');
  return plain === '' ? fallback : plain;
}
