import type { Application } from '../../../src-contract/model/application.ts';
import type { Policies } from '../../../src-contract/model/policies.ts';
import type { Template } from '../../../src-contract/model/template.ts';
import {
  BUNDLE_FORMAT,
  BUNDLE_VERSION,
  type ImportConflict,
  type ImportResult,
  type TemplateBundle,
  type TemplateCategory,
  templateBundleSchema,
} from '../../../src-contract/model/template-bundle.ts';
import { freeId } from '../domain/template-library.ts';
import { BerthError } from '../errors.ts';
import type { Clock } from '../ports/system.ts';
import type { TemplateRepository } from '../ports/template-repository.ts';
import { parse, parseApplication } from './template-parsing.ts';
import type { TemplateService } from './templates.ts';

interface ExchangeDeps {
  store: { templates: TemplateRepository };
  templates: TemplateService;
  clock: Pick<Clock, 'now'>;
}

type Kind = ImportResult[number]['kind'];
type Decision = Pick<ImportResult[number], 'as' | 'action'>;

const OLDEST_VERSION = 1;

/** Templates as one document, out and in. */
export class TemplateExchange {
  readonly #deps: ExchangeDeps;

  constructor(deps: ExchangeDeps) {
    this.#deps = deps;
  }

  /**
   * Those templates with the own categories and applications that they use; without ids all own ones.
   * Throws `template_missing`.
   */
  export(ids?: readonly string[]): TemplateBundle {
    const { templates: service } = this.#deps;
    const library = service.library();
    const chosen = ids?.map((id) => service.get(id)) ?? library.templates.filter((t) => !t.builtIn);
    const categories = library.categories.filter(({ builtIn }) => !builtIn);
    const applications = library.applications.filter(({ builtIn }) => !builtIn);
    const usedApps = new Set(chosen.flatMap((one) => one.applications.map(({ id }) => id)));
    const usedCategories = new Set(chosen.map(({ categoryId }) => categoryId));
    const all = ids === undefined;
    return {
      format: BUNDLE_FORMAT,
      version: BUNDLE_VERSION,
      templates: chosen.map((template) => ({ ...template, builtIn: false })),
      categories: categories.filter(({ id }) => all || usedCategories.has(id)),
      applications: applications.filter(({ id }) => all || usedApps.has(id)),
    };
  }

  /** Everything, with what is archived and the host's rules. */
  backup(policies: Policies): TemplateBundle {
    const archived = this.#deps.templates
      .list()
      .filter(({ builtIn, active }) => builtIn && !active)
      .map(({ id }) => id);
    return { ...this.export(), archived, policies };
  }

  /**
   * All of the document or nothing. Throws `import_invalid`, which names the path, and `import_newer` for a document
   * of a later Berth.
   */
  import(document: unknown, conflict: ImportConflict): ImportResult {
    const bundle = readBundle(document);
    const { store, templates } = this.#deps;
    const result = store.templates.atomically(() => this.#take(bundle, conflict));
    templates.changed();
    return result;
  }

  #take(bundle: TemplateBundle, conflict: ImportConflict): ImportResult {
    const { store, templates: service } = this.#deps;
    const library = service.library();
    const categories = new Decisions('category', library.categories, conflict);
    for (const category of bundle.categories) {
      const as = categories.decide(category.id);
      if (as !== null) store.templates.saveCategory({ ...category, id: as, builtIn: false });
    }
    const applications = new Decisions('application', library.applications, conflict);
    for (const application of bundle.applications) {
      const as = applications.decide(application.id);
      if (as !== null) store.templates.saveApplication({ ...application, id: as, builtIn: false });
    }
    const templates = new Decisions('template', library.templates, conflict);
    for (const template of bundle.templates) {
      const as = templates.decide(template.id);
      if (as !== null) this.#saveTemplate({ ...template, id: as }, categories, applications);
    }
    return [...templates.result, ...categories.result, ...applications.result];
  }

  #saveTemplate(template: Template, categories: Decisions, applications: Decisions): void {
    const at = this.#deps.clock.now();
    this.#deps.store.templates.save({
      id: template.id,
      template: {
        ...template,
        builtIn: false,
        categoryId: categories.nameOf(template.categoryId),
        applications: template.applications.map((one) => ({
          ...one,
          id: applications.nameOf(one.id),
        })),
      },
      archived: !template.active,
      createdAt: at,
      updatedAt: at,
    });
  }
}

/** Which id each entry of one kind gets here. */
class Decisions {
  readonly result: ImportResult = [];
  readonly #kind: Kind;
  readonly #conflict: ImportConflict;
  readonly #taken: Map<string, boolean>;

  constructor(
    kind: Kind,
    present: readonly Pick<Template | Application | TemplateCategory, 'id' | 'builtIn'>[],
    conflict: ImportConflict,
  ) {
    this.#kind = kind;
    this.#conflict = conflict;
    this.#taken = new Map(present.map(({ id, builtIn }) => [id, builtIn]));
  }

  /** Null = it is left out. */
  decide(id: string): string | null {
    const { as, action } = this.#decide(id);
    this.#taken.set(as, this.#taken.get(as) ?? false);
    this.result.push({ kind: this.#kind, id, as, action });
    return action === 'skipped' ? null : as;
  }

  /** What an entry that others refer to is called here. */
  nameOf(id: string): string {
    return this.result.find((one) => one.id === id)?.as ?? id;
  }

  #decide(id: string): Decision {
    const builtIn = this.#taken.get(id);
    if (builtIn === undefined) return { as: id, action: 'added' };
    if (this.#conflict === 'rename') {
      return { as: freeId(id, (one) => this.#taken.has(one)), action: 'renamed' };
    }
    if (this.#conflict === 'skip' || builtIn) return { as: id, action: 'skipped' };
    return { as: id, action: 'replaced' };
  }
}

/** Throws `import_invalid`, `import_newer`. */
export function readBundle(document: unknown): TemplateBundle {
  const version = field(document, 'version');
  if (field(document, 'format') !== BUNDLE_FORMAT) {
    throw new BerthError('import_invalid', `format: the document is not of ${BUNDLE_FORMAT}.`, {
      hint: 'Take a file that "berth templates export" or the window has written.',
    });
  }
  if (typeof version === 'number' && version > BUNDLE_VERSION) {
    throw new BerthError('import_newer', `version: ${version} is of a later Berth.`, {
      hint: `This one reads versions ${OLDEST_VERSION} to ${BUNDLE_VERSION}.`,
    });
  }
  const bundle = parse(templateBundleSchema, document, 'import_invalid', 'The document');
  for (const application of bundle.applications) checkApplication(application);
  refuseTwice(bundle);
  return bundle;
}

function checkApplication(application: Application): void {
  try {
    parseApplication(application);
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error);
    throw new BerthError('import_invalid', `applications.${application.id}: ${detail}`);
  }
}

function refuseTwice(bundle: TemplateBundle): void {
  for (const kind of ['templates', 'categories', 'applications'] as const) {
    const ids = bundle[kind].map(({ id }) => id);
    const at = ids.findIndex((id, index) => ids.indexOf(id) !== index);
    if (at === -1) continue;
    throw new BerthError('import_invalid', `${kind}[${at}].id: “${ids[at]}” is there twice.`);
  }
}

function field(document: unknown, name: string): unknown {
  return typeof document === 'object' && document !== null
    ? Reflect.get(document, name)
    : undefined;
}
