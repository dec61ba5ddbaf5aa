import type { Application } from '../../../src-contract/model/application.ts';
import type { Template } from '../../../src-contract/model/template.ts';
import type {
  TemplateCategory,
  TemplateLibrary,
} from '../../../src-contract/model/template-bundle.ts';
import {
  BUILT_IN_CATEGORIES,
  freeId,
  idFromName,
  mergeApplications,
  mergeTemplates,
} from '../domain/template-library.ts';
import { BerthError } from '../errors.ts';
import type { Store } from '../ports/repositories.ts';
import type { Clock } from '../ports/system.ts';
import type { Hub } from './hub.ts';
import { parseApplication, parseTemplate, TEMPLATE_DEFAULTS } from './template-parsing.ts';

export interface BuiltIns {
  templates: readonly Template[];
  applications: readonly Application[];
}

export interface TemplateDeps {
  store: Pick<Store, 'templates' | 'creations' | 'onForeignChange'>;
  builtIns: BuiltIns;
  clock: Pick<Clock, 'now'>;
  hub: Pick<Hub, 'emit'>;
}

const NAME_MAX = 80;

/** Built-in templates and applications, which stay as they are, and a person's own. */
export class TemplateService {
  readonly #deps: TemplateDeps;
  readonly #stop: () => void;
  #library: TemplateLibrary | null = null;
  #told: string;

  constructor(deps: TemplateDeps) {
    this.#deps = deps;
    this.#told = JSON.stringify(this.library());
    this.#stop = deps.store.onForeignChange(() => this.changed());
  }

  /** As it is now, from memory. */
  library(): TemplateLibrary {
    this.#library ??= this.#read();
    return this.#library;
  }

  /** Archived ones too, whose `active` is false. */
  readonly list = (): Template[] => this.library().templates;

  readonly applications = (): Application[] => this.library().applications;

  /** Throws `template_missing`. */
  get(id: string): Template {
    const found = this.list().find((template) => template.id === id);
    if (found !== undefined) return found;
    throw new BerthError('template_missing', `There is no template “${id}”.`, {
      hint: '"berth templates list" shows all of them.',
    });
  }

  /** An id that is left out is made of the name. Throws `template_invalid`, `template_exists`. */
  create(draft: Record<string, unknown>): Template {
    const { templates } = this.#deps.store;
    return this.#change(() =>
      templates.atomically(() => {
        const taken = this.#taken();
        const name = typeof draft['name'] === 'string' ? draft['name'] : '';
        const id = draft['id'] ?? freeId(idFromName(name, 'template'), (one) => taken.has(one));
        const template = parseTemplate({ ...TEMPLATE_DEFAULTS, ...draft, id, builtIn: false });
        if (taken.has(template.id)) {
          throw new BerthError('template_exists', `There is already a template “${template.id}”.`, {
            hint: 'Choose another id, or leave it out.',
          });
        }
        return this.#save(template);
      }),
    );
  }

  /** Fields that are left out stay. Throws `template_missing`, `template_built_in`, `template_invalid`. */
  update(id: string, change: Record<string, unknown>): Template {
    return this.#change(() =>
      this.#deps.store.templates.atomically(() => {
        const { active, ...before } = this.#own(id);
        return this.#save(parseTemplate({ ...before, active, ...change, id, builtIn: false }));
      }),
    );
  }

  /** A person's own copy of any template. */
  duplicate(id: string, name?: string): Template {
    const { id: _, builtIn: __, ...fields } = this.get(id);
    const copyName = name ?? `${fields.name.slice(0, NAME_MAX - 5)} copy`;
    return this.create({ ...fields, name: copyName, active: true });
  }

  /** Archived templates stay, and nothing can be made of them. */
  setArchived(id: string, archived: boolean): Template {
    const template = this.get(id);
    const at = this.#deps.clock.now();
    return this.#change(() => {
      const active = !archived;
      if (!template.builtIn) return this.#save({ ...template, active });
      const times = { createdAt: at, updatedAt: at };
      this.#deps.store.templates.save({ id, template: null, archived, ...times });
      return { ...template, active };
    });
  }

  /** Throws `template_missing`, `template_built_in`, `template_in_use`. */
  remove(id: string): void {
    const { templates, creations } = this.#deps.store;
    this.#change(() =>
      templates.atomically(() => {
        this.#own(id);
        const users = creations.open().filter(({ creation }) => creation.templateId === id);
        if (users.length > 0) {
          const names = users.map(({ creation }) => `“${creation.name}”`).join(', ');
          throw new BerthError('template_in_use', `The template is being used for ${names}.`, {
            hint: 'Wait until it is ready, or cancel the creation.',
          });
        }
        templates.remove(id);
      }),
    );
  }

  /** Makes a category or changes one. Throws `category_built_in`. */
  saveCategory(category: TemplateCategory): TemplateCategory {
    refuseBuiltInCategory(category.id);
    const own = { ...category, builtIn: false };
    return this.#change(() => {
      this.#deps.store.templates.saveCategory(own);
      return own;
    });
  }

  /** Its templates are in “Other” then. Throws `category_built_in`, `category_missing`. */
  removeCategory(id: string): void {
    refuseBuiltInCategory(id);
    if (!this.library().categories.some((one) => one.id === id)) {
      throw new BerthError('category_missing', `There is no category “${id}”.`);
    }
    this.#change(() => this.#deps.store.templates.removeCategory(id));
  }

  /** Throws `application_missing`. */
  application(id: string): Application {
    const found = this.applications().find((one) => one.id === id);
    if (found !== undefined) return found;
    throw new BerthError('application_missing', `There is no application “${id}”.`, {
      hint: '"berth applications list" shows all of them.',
    });
  }

  /** Makes an entry of the catalogue or changes one. Throws `application_invalid`, `application_built_in`. */
  saveApplication(draft: Record<string, unknown>): Application {
    const application = parseApplication({ ...draft, builtIn: false });
    this.#refuseBuiltInApplication(application.id);
    return this.#change(() => {
      this.#deps.store.templates.saveApplication(application);
      return application;
    });
  }

  /** Throws `application_missing`, `application_built_in`, `application_in_use`. */
  removeApplication(id: string): void {
    this.application(id);
    this.#refuseBuiltInApplication(id);
    const users = this.list().filter(({ applications }) =>
      applications.some((one) => one.id === id),
    );
    if (users.length > 0) {
      const names = users.map(({ name }) => `“${name}”`).join(', ');
      throw new BerthError('application_in_use', `The application is part of ${names}.`, {
        hint: 'Take it out of these templates first.',
      });
    }
    this.#change(() => this.#deps.store.templates.removeApplication(id));
  }

  /** The database holds something else than before. */
  changed(): void {
    this.#library = null;
    const library = this.library();
    const told = JSON.stringify(library);
    if (told === this.#told) return;
    this.#told = told;
    this.#deps.hub.emit({ type: 'templates.changed', ...library });
  }

  close(): void {
    this.#stop();
  }

  #read(): TemplateLibrary {
    const { builtIns, store } = this.#deps;
    const categories = [...BUILT_IN_CATEGORIES, ...store.templates.categories()].sort(
      (a, b) => a.position - b.position,
    );
    return {
      templates: mergeTemplates(builtIns.templates, store.templates.list(), categories),
      categories,
      applications: mergeApplications(builtIns.applications, store.templates.applications()),
    };
  }

  #change<T>(act: () => T): T {
    const result = act();
    this.changed();
    return result;
  }

  #taken(): Set<string> {
    return new Set(this.#read().templates.map(({ id }) => id));
  }

  #own(id: string): Template {
    const template = this.#read().templates.find((one) => one.id === id) ?? this.get(id);
    if (!template.builtIn) return template;
    throw new BerthError(
      'template_built_in',
      `“${template.name}” came with Berth and stays as it is.`,
      {
        hint: 'Duplicate it and change the copy, or archive it.',
      },
    );
  }

  #save(template: Template): Template {
    const at = this.#deps.clock.now();
    const { id, active } = template;
    const times = { createdAt: at, updatedAt: at };
    this.#deps.store.templates.save({ id, template, archived: !active, ...times });
    return template;
  }

  #refuseBuiltInApplication(id: string): void {
    if (!this.#deps.builtIns.applications.some((one) => one.id === id)) return;
    throw new BerthError('application_built_in', `“${id}” came with Berth and stays as it is.`, {
      hint: 'Make one with another id.',
    });
  }
}

function refuseBuiltInCategory(id: string): void {
  const found = BUILT_IN_CATEGORIES.find((one) => one.id === id);
  if (found === undefined) return;
  throw new BerthError('category_built_in', `“${found.name}” came with Berth and stays as it is.`);
}
