import type { Template } from '../../src-contract/model/template.ts';
import {
  type ImportResult,
  importConflictSchema,
} from '../../src-contract/model/template-bundle.ts';
import { BerthError } from '../core/errors.ts';
import { readDocument, writeDocument } from './documents.ts';
import { EXIT, type GlobalOptions, type Session, withBerth } from './session.ts';
import { formatSize } from './sizes.ts';
import { parseTemplateSettings } from './template-settings.ts';
import { UsageError } from './usage-error.ts';

export interface TemplateOptions extends GlobalOptions {
  /** JSON; `-` is standard input. */
  file?: string;
  set?: string[];
}

export function listTemplates(options: GlobalOptions & { all?: boolean }): Promise<number> {
  return withBerth(options, { connection: 'none' }, async ({ call, out }) => {
    const { templates } = await call('templates.list', undefined);
    const shown = templates.filter(({ active }) => active || options.all === true);
    for (const template of shown) out.record(toRecord(template));
    out.table(
      ['ID', 'NAME', 'CATEGORY', 'SYSTEM', 'CPUS', 'MEMORY', 'DISK', 'STATE'],
      shown.map((t) => [
        t.id,
        t.name,
        t.categoryId,
        t.os.label,
        String(t.vcpus),
        formatSize(t.memoryBytes),
        formatSize(t.diskBytes),
        stateOf(t),
      ]),
    );
    return EXIT.done;
  });
}

export function showTemplate(templateId: string, options: GlobalOptions): Promise<number> {
  return withBerth(options, { connection: 'none' }, async ({ call, out }) => {
    const template = await call('templates.get', { templateId });
    out.both(toRecord(template), JSON.stringify(template, null, 2));
    return EXIT.done;
  });
}

/** Fields of a file, then those of --set. */
export function createTemplate(options: TemplateOptions): Promise<number> {
  return withBerth(options, { connection: 'none' }, async (session) => {
    const draft = await readFields(options);
    if (Object.keys(draft).length === 0) throw new UsageError('Give --file or --set.');
    tell(session, await session.call('templates.create', { draft }), 'is made');
    return EXIT.done;
  });
}

export function updateTemplate(templateId: string, options: TemplateOptions): Promise<number> {
  return withBerth(options, { connection: 'none' }, async (session) => {
    const base = await session.call('templates.get', { templateId });
    const change = await readFields(options, base);
    if (Object.keys(change).length === 0) throw new UsageError('Give --file or --set.');
    tell(session, await session.call('templates.update', { templateId, change }), 'is changed');
    return EXIT.done;
  });
}

export function duplicateTemplate(
  templateId: string,
  options: GlobalOptions & { name?: string },
): Promise<number> {
  return withBerth(options, { connection: 'none' }, async (session) => {
    const { name } = options;
    const asked = { templateId, ...(name !== undefined && { name }) };
    tell(session, await session.call('templates.duplicate', asked), 'is made');
    return EXIT.done;
  });
}

export function archiveTemplates(
  ids: readonly string[],
  options: GlobalOptions & { undo?: boolean },
): Promise<number> {
  return withBerth(options, { connection: 'none' }, async (session) => {
    const archived = options.undo !== true;
    for (const templateId of ids) {
      const template = await session.call('templates.archive', { templateId, archived });
      tell(session, template, archived ? 'is archived' : 'is active');
    }
    return EXIT.done;
  });
}

export function deleteTemplates(ids: readonly string[], options: GlobalOptions): Promise<number> {
  return withBerth(options, { connection: 'none' }, async ({ call, out }) => {
    for (const id of ids) {
      const { name } = await call('templates.get', { templateId: id });
      await call('templates.delete', { templateId: id });
      const record = { type: 'result', template: { id, name, state: 'deleted' } };
      out.both(record, `The template ${name} is deleted.`);
    }
    return EXIT.done;
  });
}

/** To a file or to standard output. */
export function exportTemplates(
  ids: readonly string[],
  options: GlobalOptions & { output?: string },
): Promise<number> {
  return withBerth(options, { connection: 'none' }, async ({ call, out }) => {
    const asked = ids.length === 0 ? {} : { templateIds: [...ids] };
    const bundle = await call('templates.export', asked);
    if (options.output === undefined) {
      out.both(bundle, JSON.stringify(bundle, null, 2));
      return EXIT.done;
    }
    await writeDocument(options.output, bundle);
    const count = bundle.templates.length;
    const record = { type: 'result', file: options.output, templates: count };
    out.both(record, `${count} templates are in ${options.output}.`);
    return EXIT.done;
  });
}

export function importTemplates(
  path: string,
  options: GlobalOptions & { conflict?: string },
): Promise<number> {
  return withBerth(options, { connection: 'none' }, async (session) => {
    const conflict = importConflictSchema.safeParse(options.conflict ?? 'skip');
    if (!conflict.success) throw new UsageError('--conflict is skip, replace or rename.');
    const document = await readDocument(path);
    const asked = { document, conflict: conflict.data };
    tellImport(session, await session.call('templates.import', asked));
    return EXIT.done;
  });
}

export function backupTemplates(options: GlobalOptions & { list?: boolean }): Promise<number> {
  return withBerth(options, { connection: 'none' }, async ({ call, out }) => {
    const made = options.list === true ? [] : [await call('templates.backup', undefined)];
    const backups = options.list === true ? await call('templates.backups', undefined) : made;
    for (const { name, at } of backups) {
      const when = new Date(at).toISOString();
      out.both({ id: name, name, state: 'present', at }, `${name}  ${when}`);
    }
    return EXIT.done;
  });
}

export function restoreTemplates(
  name: string | undefined,
  options: GlobalOptions & { latest?: boolean },
): Promise<number> {
  return withBerth(options, { connection: 'none' }, async (session) => {
    if ((name === undefined) === (options.latest !== true)) {
      throw new UsageError('Give a backup, or --latest.');
    }
    const asked = { name: name ?? null };
    tellImport(session, await session.call('templates.restore', asked));
    return EXIT.done;
  });
}

async function readFields(
  { file, set }: TemplateOptions,
  base: Record<string, unknown> = {},
): Promise<Record<string, unknown>> {
  const fields = file === undefined ? {} : await readDocument(file);
  if (typeof fields !== 'object' || fields === null || Array.isArray(fields)) {
    throw new BerthError('template_invalid', `${file ?? ''} holds no JSON object.`);
  }
  return { ...fields, ...parseTemplateSettings(set ?? [], { ...base, ...fields }) };
}

function tell({ out }: Session, template: Template, what: string): void {
  const record = { type: 'result', template: toRecord(template) };
  out.both(record, `The template ${template.name} ${what}: ${template.id}`);
}

function tellImport({ out }: Session, items: ImportResult): void {
  out.record({ type: 'result', items });
  out.table(
    ['KIND', 'ID', 'ACTION', 'HERE'],
    items.map(({ kind, id, action, as }) => [kind, id, action, as]),
  );
}

const stateOf = ({ active }: Template): string => (active ? 'active' : 'archived');

const toRecord = (template: Template): object => ({ ...template, state: stateOf(template) });
