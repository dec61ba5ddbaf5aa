import type { Command } from 'commander';
import { FILTER_PRESETS } from '../../src-contract/model/filter.ts';
import type { AddCommand } from './add-command.ts';
import type { FilterOptions } from './filters.ts';
import type { GlobalOptions } from './session.ts';

const load = () => import('./filters.ts');

export function addFilters(program: Command, add: AddCommand): void {
  const filters = program.command('filters').description('what machines may reach, and who them');
  add(filters, 'list', 'list those of departments and machines', async (options) =>
    (await load()).listFilters(options),
  );
  add<GlobalOptions & { xml?: boolean }>(
    filters,
    'show <owner>',
    'show one: a machine, or department:NAME',
    async (options, [ref = '']) => (await load()).showFilter(ref, options),
  ).option('--xml', 'print it as libvirt is told');
  const collect = (value: string, all: string[]) => [...all, value];
  add<FilterOptions>(
    filters,
    'set <owner>',
    'change one, at once for running machines',
    async (options, [ref = '']) => (await load()).setFilter(ref, options),
  )
    .option('--preset <preset>', FILTER_PRESETS.join(', '))
    .option('--rule <rule>', '"in accept tcp 443 10.0.0.0/8 priority=10" (repeatable)', collect, [])
    .option('--remove-rule <id>', 'take a rule away (repeatable)', collect, [])
    .option('--clear', 'take all rules away');
}
