import AxeBuilder from '@axe-core/playwright';
import type { Application } from '../../src-contract/model/application.ts';
import type { Template } from '../../src-contract/model/template.ts';
import type { TemplateBundle } from '../../src-contract/model/template-bundle.ts';
import { BUILT_IN_CATEGORIES } from '../../src-main/core/domain/template-library.ts';
import { CreatePage } from '../page-objects/create-page.ts';
import { blank, creation, media, plan, spaceError, tryout } from './fake/fixtures.ts';
import { expect, test } from './fake/test.ts';

const application = (id: string, more: Partial<Application> = {}): Application => ({
  id,
  name: id,
  description: `About ${id}.`,
  commands: { debian: `apt-get install -y ${id}` },
  parameters: [],
  timeoutSeconds: 60,
  builtIn: true,
  ...more,
});
const own: Template = {
  ...blank,
  id: 'mine',
  name: 'My lab',
  description: 'For the course.',
  builtIn: false,
  categoryId: 'lab',
};
const port = { name: 'port', label: 'Port', default: '80', pattern: '[0-9]+' };
const state = {
  templates: [tryout, blank, own, { ...own, id: 'old', name: 'Old lab', active: false }],
  categories: [...BUILT_IN_CATEGORIES],
  applications: [application('git'), application('nginx', { parameters: [port] })],
};
const ADDRESS = '/index.html#/templates';

test('shows templates by category and finds them', async ({ page, open }) => {
  await open(state);
  await page
    .getByRole('navigation', { name: 'Main' })
    .getByRole('link', { name: 'Templates' })
    .click();
  await expect(page.getByTestId('shelf')).toHaveCount(2);
  await expect(page.getByRole('region', { name: 'Lab' }).getByTestId('template')).toHaveCount(1);
  await page.getByRole('checkbox', { name: 'Archived ones too' }).click();
  await expect(page.getByRole('region', { name: 'Lab' }).getByTestId('template')).toHaveCount(2);
  await page.getByRole('textbox', { name: 'Search templates' }).fill('course');
  await expect(page.getByTestId('template')).toHaveCount(2);
});

test('is accessible, editors and all', async ({ page, open }) => {
  // The rules of contrast look at every character of the page, which takes its time on a busy host.
  test.slow();
  await open(state, ADDRESS);
  await page.getByRole('button', { name: 'New template' }).click();
  await page.getByRole('button', { name: 'Add a script' }).click();
  expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([]);
  await page.getByRole('tab', { name: 'Applications' }).click();
  await page.getByRole('button', { name: 'New application' }).click();
  expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([]);
});

test('makes a template with applications and a script', async ({ page, open }) => {
  const main = await open(state, ADDRESS);
  main.handle('templates.create', () => own);
  await page.getByRole('button', { name: 'New template' }).click();
  const editor = page.getByTestId('template-editor');
  const make = editor.getByRole('button', { name: 'Make template' });
  await expect(make).toBeDisabled();
  await editor.getByRole('textbox', { name: 'Name', exact: true }).fill('Web course');
  await editor.getByRole('combobox', { name: 'Category' }).click();
  await page.getByRole('option', { name: 'Lab' }).click();
  await editor.getByRole('textbox', { name: 'CPUs', exact: true }).fill('3');
  await editor.getByRole('textbox', { name: 'Memory', exact: true }).fill('1024');
  await editor.getByRole('checkbox', { name: 'Sound' }).click();
  await editor.getByRole('checkbox', { name: 'nginx' }).click();
  await editor.getByRole('textbox', { name: 'Port of nginx' }).fill('8080');
  await editor.getByRole('button', { name: 'Add a script' }).click();
  await expect(make).toBeDisabled();
  await editor.getByRole('textbox', { name: 'Name of script 1' }).fill('Hello');
  await editor.getByRole('textbox', { name: 'Script 1', exact: true }).fill('echo hello');
  await make.click();
  await expect(editor).toHaveCount(0);
  expect(main.argsOf('templates.create')).toMatchObject([
    {
      draft: {
        name: 'Web course',
        categoryId: 'lab',
        vcpus: 3,
        memoryBytes: 1024 ** 3,
        audio: true,
        applications: [{ id: 'nginx', parameters: { port: '8080' } }],
        firstBootScripts: [{ name: 'Hello', shell: 'sh', content: 'echo hello' }],
      },
    },
  ]);
});

test('asks for edition and drivers only of a Windows that Berth installs', async ({
  page,
  open,
}) => {
  const installer = { family: 'drivers', label: 'V', osLabel: 'V', boot: null } as const;
  const drivers = media({ id: 'virtio', name: 'virtio-win', kind: 'iso', installer });
  const main = await open({ ...state, media: [media(), drivers] }, ADDRESS);
  main.handle('templates.create', () => own);
  await page.getByRole('button', { name: 'New template' }).click();
  const editor = page.getByTestId('template-editor');
  const choose = async (field: string, option: string) => {
    await editor.getByRole('combobox', { name: field }).click();
    await page.getByRole('option', { name: option, exact: true }).click();
  };
  await editor.getByRole('textbox', { name: 'Name', exact: true }).fill('Course');
  await choose('Comes from', 'An installation medium');
  const patience = editor.getByRole('textbox', { name: 'Stalled after silence of' });
  await expect(patience).toHaveAttribute('placeholder', '20 min');
  const edition = editor.getByTestId('edition');
  await expect(edition).toHaveCount(0);
  await choose('Kind of system', 'Windows');
  await editor.getByRole('textbox', { name: 'Short id (osinfo)' }).fill('win2k25');
  await expect(edition).toHaveAttribute('placeholder', 'Windows Server 2025 SERVERSTANDARD');
  await edition.fill('windows\tserver');
  await expect(editor.getByText('An edition is one line of text.').first()).toBeVisible();
  await expect(editor.getByRole('button', { name: 'Make template' })).toBeDisabled();
  await edition.fill('CORE');
  await page.getByRole('option', { name: 'Windows Server 2025 SERVERDATACENTERCORE' }).click();
  await choose('Virtio drivers', 'virtio-win');
  await patience.fill('45');
  await editor.getByRole('button', { name: 'Make template' }).click();
  await expect(editor).toHaveCount(0);
  expect(main.argsOf('templates.create')).toMatchObject([
    {
      draft: {
        source: {
          kind: 'installer',
          edition: 'Windows Server 2025 SERVERDATACENTERCORE',
          drivers: 'virtio',
        },
        patienceMinutes: 45,
      },
    },
  ]);
});

test('changes, duplicates, archives and deletes; a refusal is shown', async ({ page, open }) => {
  const main = await open(state, ADDRESS);
  const card = page.locator('[data-template="mine"]');
  await expect(page.locator('[data-template="blank"]').getByRole('button')).toHaveCount(3);
  main.refuse('templates.update', {
    ...spaceError,
    code: 'template_invalid',
    message: 'vcpus: no',
  });
  await card.getByRole('button', { name: 'Change My lab' }).click();
  const editor = page.getByTestId('template-editor');
  await editor.getByRole('textbox', { name: 'Name', exact: true }).fill('Lab 2');
  await editor.getByRole('button', { name: 'Save' }).click();
  await expect(editor.getByRole('alert')).toContainText('vcpus: no');
  await editor.getByRole('button', { name: 'Cancel' }).click();
  main.handle('templates.duplicate', () => own);
  main.handle('templates.archive', () => own);
  main.handle('templates.delete', () => undefined);
  await card.getByRole('button', { name: 'Duplicate My lab' }).click();
  await card.getByRole('button', { name: 'Archive My lab' }).click();
  await card.getByRole('button', { name: 'Delete My lab' }).click();
  await card.getByRole('button', { name: 'Delete', exact: true }).click();
  await expect.poll(() => main.argsOf('templates.delete')).toEqual([{ templateId: 'mine' }]);
  expect(main.argsOf('templates.archive')).toEqual([{ templateId: 'mine', archived: true }]);
  expect(main.argsOf('templates.duplicate')).toEqual([{ templateId: 'mine' }]);
});

test('exports and imports files, and says what became of them', async ({ page, open }) => {
  const main = await open(state, ADDRESS);
  const bundle: TemplateBundle = {
    format: 'berth-templates',
    version: 1,
    templates: [own],
    categories: [],
    applications: [],
  };
  main.handle('templates.export', () => bundle);
  const download = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Export my own' }).click();
  expect((await download).suggestedFilename()).toBe('templates.berth.json');
  main.handle('templates.import', () => [
    { kind: 'template', id: 'mine', as: 'mine-2', action: 'renamed' },
  ]);
  await page.getByRole('combobox', { name: 'When an id is taken' }).click();
  await page.getByRole('option', { name: 'Take it in beside it' }).click();
  const input = page.locator('input[type=file]');
  const buffer = Buffer.from(JSON.stringify(bundle));
  await input.setInputFiles({ name: 'a.json', mimeType: 'application/json', buffer });
  await expect(page.getByTestId('transfer-result')).toHaveText('1 added under another id');
  expect(main.argsOf('templates.import')).toEqual([
    { document: JSON.parse(JSON.stringify(bundle)), conflict: 'rename' },
  ]);
});

test('makes an application of one’s own', async ({ page, open }) => {
  const main = await open(state, ADDRESS);
  main.handle('applications.save', () => application('tool', { builtIn: false }));
  await page.getByRole('tab', { name: 'Applications' }).click();
  await page.getByRole('button', { name: 'New application' }).click();
  const editor = page.getByTestId('application-editor');
  await editor.getByRole('textbox', { name: 'Name', exact: true }).fill('Tool');
  await editor.getByRole('textbox', { name: 'Id', exact: true }).fill('tool');
  await editor.getByRole('textbox', { name: 'Command for debian' }).fill('echo "$BERTH_LEVEL"');
  await editor.getByRole('textbox', { name: 'Parameters' }).fill('level=a=b');
  await editor.getByRole('button', { name: 'Make application' }).click();
  await expect(editor).toHaveCount(0);
  expect(main.argsOf('applications.save')).toMatchObject([
    {
      draft: {
        id: 'tool',
        commands: { debian: 'echo "$BERTH_LEVEL"' },
        parameters: [{ name: 'level', label: 'level', default: 'a=b', pattern: null }],
      },
    },
  ]);
});

test('chooses applications for a machine, and shows what became of them', async ({
  page,
  open,
}) => {
  const main = await open(
    {
      ...state,
      creations: [
        creation({
          id: 'c1',
          applications: [
            {
              id: 'git',
              kind: 'application',
              state: 'failed',
              exitCode: 100,
              lastLines: ['E: no'],
            },
          ],
        }),
      ],
    },
    '/index.html#/create/tryout',
    (fake) => fake.handle('creations.plan', () => plan()),
  );
  const create = new CreatePage(page);
  await create.root.getByTestId('applications').click();
  await create.root.getByRole('checkbox', { name: 'git' }).click();
  await expect
    .poll(() => main.argsOf('creations.plan').at(-1))
    .toMatchObject({ applications: [{ id: 'git', parameters: {} }] });
  await page.goto('/index.html#/creation/c1');
  const result = page.getByTestId('task-result');
  await expect(result).toContainText('failed, exit code 100');
  await result.getByRole('button', { name: 'Last lines of git' }).click();
  await expect(result).toContainText('E: no');
});
