import { CreatePage } from '../page-objects/create-page.ts';
import { DepartmentsPage } from '../page-objects/departments-page.ts';
import { department, GIB, machine, NOW, plan, snapshot, spaceError } from './fake/fixtures.ts';
import { departments } from './fake/scenes.ts';
import { expect, test } from './fake/test.ts';

const [personal, lab] = departments as [(typeof departments)[0], (typeof departments)[0]];

test('shows roles, usage against limits, members, network and filter', async ({ page, open }) => {
  await open({ departments });
  const view = new DepartmentsPage(page);
  await view.open();
  await expect(view.items).toHaveCount(2);
  await expect(view.item('lab')).toContainText('you: Owner');
  await expect(view.usage('lab', 'vcpus')).toContainText('58 of 60');
  await expect(view.usage('lab', 'memoryBytes').locator('.bar')).toHaveAttribute(
    'data-tone',
    'bad',
  );
  await expect(view.usage('lab', 'diskBytes')).toContainText('240 GiB');
  await expect(view.usage('lab', 'diskBytes')).toContainText('no limit');
  await expect(view.item('lab')).toContainText('10.91.3.0/24');
  await expect(view.item('lab')).toContainText('Only web, DNS and time');
  await expect(view.item('lab').getByTestId('member')).toHaveCount(2);
  await expect(view.item('personal').getByRole('button', { name: 'Delete' })).toHaveCount(0);
});

test('makes a department with limits, a network and a filter', async ({ page, open }) => {
  const main = await open({ departments }, '/index.html#/departments');
  main.handle('departments.create', () => department({ id: 'new' }));
  const view = new DepartmentsPage(page);
  await view.make.click();
  const make = view.editor.getByRole('button', { name: 'Make department' });
  await expect(make).toBeDisabled();
  await view.field('Name').fill('Research');
  await view.choose('Network', 'A network of its own (NAT)');
  await view.choose('Traffic that is let through', 'Nothing');
  await view.field('CPUs').fill('many');
  await expect(make).toBeDisabled();
  await view.field('CPUs').fill('16');
  await view.field('Memory (GiB)').fill('1.5');
  await make.click();
  await expect(view.editor).toHaveCount(0);
  expect(main.argsOf('departments.create')).toEqual([
    {
      name: 'Research',
      network: { kind: 'own', mode: 'nat', network: null, subnet: null },
      filter: { preset: 'block-all', rules: [] },
      quota: { machines: null, vcpus: 16, memoryBytes: 1.5 * GIB, diskBytes: null, gpus: null },
    },
  ]);
});

test('changes only what was changed, and keeps the editor open on a refusal', async ({
  page,
  open,
}) => {
  const main = await open({ departments }, '/index.html#/departments');
  main.refuse('departments.update', {
    ...spaceError,
    code: 'department_name_taken',
    message: 'There is already a department called “Lab”.',
  });
  const view = new DepartmentsPage(page);
  await view.item('lab').getByRole('button', { name: 'Change' }).click();
  await view.field('Name').fill('Lab');
  await view.editor.getByRole('button', { name: 'Save' }).click();
  await expect(view.editor.getByRole('alert')).toContainText('already a department');
  main.handle('departments.update', () => lab);
  main.handle('departments.quota', () => lab);
  await view.field('Graphics cards').fill('');
  await view.editor.getByRole('button', { name: 'Save' }).click();
  await expect(view.editor).toHaveCount(0);
  expect(main.argsOf('departments.update').at(-1)).toEqual({
    departmentId: 'lab',
    change: { name: 'Lab' },
  });
  expect(main.argsOf('departments.quota')).toEqual([
    { departmentId: 'lab', quota: { ...lab.quota, gpus: null } },
  ]);
});

test('adds, changes and removes members', async ({ page, open }) => {
  const main = await open({ departments }, '/index.html#/departments');
  const view = new DepartmentsPage(page);
  const item = view.item('lab');
  await item.getByRole('combobox', { name: 'Kind of member' }).click();
  await page.getByRole('option', { name: 'Group' }).click();
  await item.getByRole('textbox', { name: 'Name of the user or group' }).fill('tutors');
  await item.getByRole('button', { name: 'Add as operator' }).click();
  await item.getByRole('combobox', { name: 'Role of students' }).click();
  await page.getByRole('option', { name: 'Viewer' }).click();
  await item.getByRole('button', { name: 'Remove students' }).click();
  await expect
    .poll(() => main.argsOf('departments.removeMember'))
    .toEqual([{ departmentId: 'lab', member: { kind: 'group', name: 'students' } }]);
  expect(main.argsOf('departments.setMember')).toEqual([
    { departmentId: 'lab', member: { kind: 'group', name: 'tutors', role: 'operator' } },
    { departmentId: 'lab', member: { kind: 'group', name: 'students', role: 'viewer' } },
  ]);
});

test('says why a department with machines is not deleted', async ({ page, open }) => {
  const main = await open({ departments }, '/index.html#/departments');
  main.refuse('departments.delete', {
    ...spaceError,
    code: 'department_in_use',
    message: 'The department still has 12 machines.',
  });
  const item = new DepartmentsPage(page).item('lab');
  await item.getByRole('button', { name: 'Delete' }).click();
  await item.getByRole('button', { name: 'Delete', exact: true }).click();
  await expect(page.getByRole('alert')).toContainText('still has 12 machines');
});

test('offers nothing that the role does not allow', async ({ page, open }) => {
  const seen = [{ ...lab, ownRole: 'viewer' as const }];
  await open({ departments: seen }, '/index.html#/departments');
  const view = new DepartmentsPage(page);
  await expect(view.items).toHaveCount(1);
  await expect(view.root.getByRole('button')).toHaveCount(0);
  await expect(view.root.getByRole('combobox')).toHaveCount(0);
});

test('a department that goes takes its machines out of the window', async ({ page, open }) => {
  const machines = [
    machine(1, { name: 'mine' }),
    machine(2, { name: 'theirs', departmentId: 'lab' }),
  ];
  const main = await open({ departments, machines });
  await expect(page.getByText('theirs', { exact: true })).toBeVisible();
  main.snapshot = snapshot({
    departments: [personal],
    machines: machines.slice(0, 1),
    revision: 9,
  });
  await main.emit({ type: 'departments.changed', revision: 8, at: NOW, departments: [personal] });
  await expect(page.getByText('theirs', { exact: true })).toHaveCount(0);
  await expect(page.getByText('mine', { exact: true })).toBeVisible();
});

test('the create form asks whose the machine is where there is a choice', async ({
  page,
  open,
}) => {
  const main = await open({ departments }, '/index.html#/create/tryout', (fake) =>
    fake.handle('creations.plan', () =>
      plan({
        quota: {
          department: 'Network lab',
          limits: lab.quota,
          leftAfter: { machines: 17, vcpus: 1, memoryBytes: 0, diskBytes: null, gpus: 0 },
        },
      }),
    ),
  );
  const create = new CreatePage(page);
  await create.root.getByRole('combobox', { name: 'Department' }).click();
  await page.getByRole('option', { name: 'Network lab' }).click();
  await expect
    .poll(() => main.argsOf('creations.plan').at(-1))
    .toMatchObject({ departmentId: 'lab' });
  await expect(create.receipt).toContainText('17 machines, 1 CPU, 0 B memory, 0 graphics cards');
});
