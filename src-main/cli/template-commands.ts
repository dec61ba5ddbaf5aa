import type { Command } from 'commander';
import type { AddCommand } from './add-command.ts';
import type { GlobalOptions } from './session.ts';
import type { TemplateOptions } from './templates.ts';

const load = () => import('./templates.ts');
const loadApplications = () => import('./applications.ts');

export function addTemplates(program: Command, add: AddCommand): void {
  const templates = program.command('templates').description('what machines are made from');
  add<GlobalOptions & { all?: boolean }>(templates, 'list', 'list all', async (options) =>
    (await load()).listTemplates(options),
  ).option('--all', 'archived ones too');
  add(templates, 'show <template>', 'show one', async (options, [id = '']) =>
    (await load()).showTemplate(id, options),
  );
  addChanges(templates, add);
  addExchange(templates, add);
  addApplications(program, add);
}

function addChanges(templates: Command, add: AddCommand): void {
  withFields(
    add<TemplateOptions>(templates, 'create', 'make one of your own', async (options) =>
      (await load()).createTemplate(options),
    ),
  );
  withFields(
    add<TemplateOptions>(
      templates,
      'update <template>',
      'change one of your own',
      async (options, [id = '']) => (await load()).updateTemplate(id, options),
    ),
  );
  add<GlobalOptions & { name?: string }>(
    templates,
    'duplicate <template>',
    'make a copy of your own',
    async (options, [id = '']) => (await load()).duplicateTemplate(id, options),
  ).option('--name <name>', 'name of the copy');
  add<GlobalOptions & { undo?: boolean }>(
    templates,
    'archive <template...>',
    'let nothing be made of it any more',
    async (options, ids) => (await load()).archiveTemplates(ids, options),
  ).option('--undo', 'make it active again');
  add(templates, 'delete <template...>', 'remove your own', async (options, ids) =>
    (await load()).deleteTemplates(ids, options),
  );
}

function addExchange(templates: Command, add: AddCommand): void {
  add<GlobalOptions & { output?: string }>(
    templates,
    'export [template...]',
    'write a JSON document (default: all of your own)',
    async (options, ids) => (await load()).exportTemplates(ids, options),
  ).option('--output <file>', 'default: standard output');
  add<GlobalOptions & { conflict?: string }>(
    templates,
    'import <file>',
    'take in such a document (- is standard input)',
    async (options, [path = '']) => (await load()).importTemplates(path, options),
  ).option('--conflict <how>', 'when an id is taken: skip, replace or rename', 'skip');
  add<GlobalOptions & { list?: boolean }>(
    templates,
    'backup',
    'save templates, categories, applications and policies',
    async (options) => (await load()).backupTemplates(options),
  ).option('--list', 'only list what is saved');
  add<GlobalOptions & { latest?: boolean }>(
    templates,
    'restore [backup]',
    'bring a backup back, in the place of what has the same ids',
    async (options, [name]) => (await load()).restoreTemplates(name, options),
  ).option('--latest', 'the newest one');
}

function addApplications(program: Command, add: AddCommand): void {
  const applications = program
    .command('applications')
    .description('what guests install at their first boot');
  add(applications, 'list', 'list all', async (options) =>
    (await loadApplications()).listApplications(options),
  );
  add(applications, 'show <application>', 'show one', async (options, [id = '']) =>
    (await loadApplications()).showApplication(id, options),
  );
  add(applications, 'save <file>', 'make or change one of your own', async (options, [path = '']) =>
    (await loadApplications()).saveApplication(path, options),
  );
  add(applications, 'delete <application...>', 'remove your own', async (options, ids) =>
    (await loadApplications()).deleteApplications(ids, options),
  );
}

function withFields(command: Command): void {
  command
    .option('--file <file>', 'JSON with fields of a template (- is standard input)')
    .option(
      '--set <key=value>',
      'a field, such as name=Lab, cpus=2, memory=4GiB, os.label=Debian (repeatable)',
      (value: string, all: string[]) => [...all, value],
      [],
    );
}
