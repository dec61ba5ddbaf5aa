import type { Command } from 'commander';
import type { AddCommand } from './add-command.ts';
import type { AddDiskOptions } from './disks.ts';
import type { AdoptOptions, ReconcileOptions, ResizeOptions, StopOptions } from './lifecycle.ts';

const load = () => import('./lifecycle.ts');

export function addLifecycle(program: Command, add: AddCommand): void {
  const collect = (value: string, all: string[]) => [...all, value];
  add<StopOptions>(program, 'stop <machine...>', 'ask guests to power off', async (options, refs) =>
    (await load()).stopMachines(refs, options),
  ).option('--force-after <seconds>', 'wait so long, then turn them off by force');
  add(program, 'rename <machine> <name>', 'give a machine another name', async (options, args) =>
    (await load()).renameMachine(args, options),
  );
  add<ResizeOptions>(
    program,
    'resize <machine>',
    'change CPUs, memory or the disk',
    async (options, [ref = '']) => (await load()).resizeMachine(ref, options),
  ).requiredOption('--set <key=value>', 'cpus, memory, disk', collect, []);
  addDisks(program, add);
  add<AdoptOptions>(
    program,
    'adopt <machine>',
    "take over another tool's machine",
    async (options, [ref = '']) => (await load()).adoptMachine(ref, options),
  )
    .option('--department <department>', 'whose it becomes, by id or name (default: Personal)')
    .option('--own <pool/volume>', 'a disk to be deleted with it (repeatable)', collect, [])
    .option('--own-disks', 'all disks that nothing else uses are deleted with it')
    .option('--dry-run', 'show what would be taken over, and change nothing');
  add(
    program,
    'forget <machine...>',
    "give machines back: they and their disks stay, Berth's record goes",
    async (options, refs) => (await load()).forgetMachines(refs, options),
  );
  add<ReconcileOptions>(
    program,
    'reconcile',
    'compare libvirt, pools and database',
    async (options) => (await load()).reconcile(options),
  ).option('--remove', 'remove what has no owner and is provably of this Berth');
}

function addDisks(program: Command, add: AddCommand): void {
  const disks = program.command('disks').description('disks of a machine');
  const loadDisks = () => import('./disks.ts');
  add(disks, 'list <machine>', 'list them', async (options, [ref = '']) =>
    (await loadDisks()).listDisks(ref, options),
  );
  add<AddDiskOptions>(
    disks,
    'add <machine>',
    'make one and give it to the machine, at once if it runs',
    async (options, [ref = '']) => (await loadDisks()).addDisk(ref, options),
  )
    .requiredOption('--size <size>', 'in GiB, or with a unit')
    .option('--pool <pool>', "where to (default: Berth's)");
  add(
    disks,
    'remove <machine> <target>',
    'take one away and delete all that is on it',
    async (options, args) => (await loadDisks()).removeDisk(args, options),
  );
}
