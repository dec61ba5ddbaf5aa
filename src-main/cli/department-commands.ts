import type { Command } from 'commander';
import type { AddCommand } from './add-command.ts';
import type { DepartmentOptions, MemberOptions } from './departments.ts';

const load = () => import('./departments.ts');

export function addDepartments(program: Command, add: AddCommand): void {
  const departments = program
    .command('departments')
    .description('who shares machines, and how many');
  add(departments, 'list', 'list those that you can see', async (options) =>
    (await load()).listDepartments(options),
  );
  add(departments, 'show <department>', 'show one, by id or name', async (options, [ref = '']) =>
    (await load()).showDepartment(ref, options),
  );
  withSettings(
    add<DepartmentOptions>(
      departments,
      'create <name>',
      'make one; you are its owner',
      async (options, [name = '']) => (await load()).createDepartment(name, options),
    ),
  );
  withSettings(
    add<DepartmentOptions>(
      departments,
      'update <department>',
      'change what is given',
      async (options, [ref = '']) => (await load()).updateDepartment(ref, options),
    ).option('--name <name>', 'another name'),
  );
  add(
    departments,
    'delete <department...>',
    'remove those without machines',
    async (options, refs) => (await load()).deleteDepartments(refs, options),
  );
  const collect = (value: string, all: string[]) => [...all, value];
  add<MemberOptions>(
    departments,
    'members <department>',
    'list members, after the changes that are given',
    async (options, [ref = '']) => (await load()).departmentMembers(ref, options),
  )
    .option(
      '--set <kind:name=role>',
      'viewer, operator, manager or owner (repeatable)',
      collect,
      [],
    )
    .option('--remove <kind:name>', 'user:NAME or group:NAME (repeatable)', collect, []);
}

function withSettings(command: Command): void {
  command
    .option('--description <text>', 'what it is for')
    .option('--quota <limits>', 'machines=5,vcpus=8,memory=16GiB,disk=100GiB,gpus=none')
    .option('--network <network>', 'none, nat, isolated, or a network of this host')
    .option('--filter <preset>', 'what its machines may reach: see "filters"');
}
