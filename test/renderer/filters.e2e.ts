import type { Filter, FilterPolicy } from '../../src-contract/model/filter.ts';
import { machine, NOW } from './fake/fixtures.ts';
import { departments } from './fake/scenes.ts';
import { expect, test } from './fake/test.ts';

const OPEN: FilterPolicy = { preset: 'allow-all', rules: [] };
const SSH: FilterPolicy['rules'][number] = {
  id: 'ssh',
  direction: 'in',
  action: 'accept',
  protocol: 'tcp',
  remote: '10.0.0.0/8',
  ports: { start: 22, end: 22 },
  priority: 0,
  states: [],
  comment: 'from the office',
};
const filter = (change: Partial<Filter> = {}): Filter => ({
  owner: { kind: 'department', id: 'lab' },
  name: 'berth-lab-0a1b2c3d',
  policy: { preset: 'block-all', rules: [SSH, { ...SSH, id: 'web', comment: 'web', priority: 1 }] },
  inherits: 'clean-traffic',
  conflicts: [],
  state: 'verified',
  bindings: [{ device: 'vnet3', machineId: 'm1' }],
  checkedAt: NOW,
  xml: '<filter name="berth-lab-0a1b2c3d"/>',
  ...change,
});

test('lists filters with what libvirt says of them', async ({ page, open }) => {
  const main = await open({ departments, machines: [machine(1, { id: 'm1', name: 'one' })] });
  main.handle('filters.list', () => [
    filter(),
    filter({ owner: { kind: 'machine', id: 'm1' }, state: 'missing', policy: OPEN }),
  ]);
  await page.getByRole('link', { name: 'Filters' }).click();
  const items = page.getByTestId('filter');
  await expect(items).toHaveCount(2);
  await expect(items.first()).toContainText('Block everything, 2 rules');
  await expect(items.first()).toContainText('In force');
  await expect(items.last()).toContainText('one');
  await expect(items.last()).toContainText('Missing in libvirt');
});

test('edits rules, shows conflicts and puts them in force', async ({ page, open }) => {
  const main = await open({ departments }, '/index.html#/filters/department/lab');
  main.handle('filters.get', () => filter());
  main.handle('filters.check', ({ policy }) =>
    policy.rules.length < 3
      ? []
      : [{ kind: 'shadowed', ruleIds: ['ssh', 'r3'], message: 'It is never reached.' }],
  );
  main.handle('filters.set', ({ policy }) => filter({ policy }));
  await page.reload();
  const editor = page.getByTestId('filter-editor');
  await expect(editor).toContainText('Bound to vnet3');
  const rules = editor.getByTestId('rule');
  await expect(rules).toHaveCount(2);
  const save = editor.getByRole('button', { name: 'Put in force' });
  await expect(save).toBeDisabled();

  await editor.getByRole('button', { name: 'Move down rule 1' }).click();
  await expect(rules.first()).toContainText('web');
  await editor.getByRole('button', { name: 'Add a rule' }).click();
  const fields = editor.getByTestId('rule-fields');
  await fields.getByLabel('Ports').fill('90-80');
  await expect(fields.getByRole('button', { name: 'Use this rule' })).toBeDisabled();
  await fields.getByLabel('Ports').fill('80-90');
  await fields.getByLabel('Other side').fill('192.0.2.0/24');
  await fields.getByRole('button', { name: 'Use this rule' }).click();
  await expect(rules).toHaveCount(3);
  await expect(editor).toContainText('It is never reached.');
  await editor.getByRole('button', { name: 'Delete rule 2' }).click();
  await expect(editor).not.toContainText('It is never reached.');
  await save.click();
  await expect(save).toBeDisabled();
  expect(main.argsOf('filters.set').at(-1)).toMatchObject({
    owner: { kind: 'department', id: 'lab' },
    policy: {
      preset: 'block-all',
      rules: [
        { id: 'web', priority: 0 },
        { ports: { start: 80, end: 90 }, remote: '192.0.2.0/24', priority: 1 },
      ],
    },
  });
});

test('says why a policy could not be put in force', async ({ page, open }) => {
  const main = await open({ departments }, '/index.html#/filters/department/lab');
  main.handle('filters.get', () => filter({ policy: OPEN, xml: '', bindings: [] }));
  main.handle('filters.check', () => []);
  main.refuse('filters.set', {
    code: 'filter_unenforceable',
    message: 'one has a network interface that no filter reaches.',
    hint: 'Put the machine on a libvirt network first.',
    retryable: false,
  });
  await page.reload();
  const editor = page.getByTestId('filter-editor');
  await expect(editor).toContainText('No filter');
  await editor.getByTestId('preset').click();
  await page.getByRole('option', { name: 'Block everything' }).click();
  await editor.getByRole('button', { name: 'Put in force' }).click();
  await expect(editor.getByTestId('error')).toContainText('no filter reaches');
});
