import { enableCompileCache } from 'node:module';
import { join } from 'node:path';
import { Command, CommanderError } from 'commander';
import type { AddCommand } from './cli/add-command.ts';
import type { AuditOptions } from './cli/audit.ts';
import type { CreateOptions } from './cli/create.ts';
import { addDepartments } from './cli/department-commands.ts';
import { addFilters } from './cli/filter-commands.ts';
import { addLifecycle } from './cli/lifecycle-commands.ts';
import type { MetricsOptions } from './cli/metrics.ts';
import { Output } from './cli/output.ts';
import { EXIT, type GlobalOptions, guarded } from './cli/session.ts';
import { addTemplates } from './cli/template-commands.ts';
import { resolvePaths } from './compose/paths.ts';
import type { PowerCommand } from './core/lifecycle/power.ts';

/** Each command's module is loaded when it is called: `--help` and wrong usage answer at once. */
function buildProgram(finish: (code: number) => void): Command {
  const program = new Command('berth')
    .description('Virtual machines on one Linux host')
    .option('--json', 'print JSON lines, and nothing else, on standard output')
    .option('--verbose', 'write the log to standard error as well')
    .exitOverride()
    .showHelpAfterError('(berth help COMMAND shows how it is used)');

  const command = <O extends GlobalOptions>(
    parent: Command,
    usage: string,
    description: string,
    run: (options: O, args: string[]) => Promise<number>,
  ): Command =>
    parent
      .command(usage)
      .description(description)
      .action(async (...all: unknown[]) => {
        const own = all.at(-1);
        if (!(own instanceof Command)) throw new Error('commander passed no command');
        const options = own.optsWithGlobals<O>();
        finish(await guarded(new Output(options.json === true), () => run(options, own.args)));
      });

  addHostCommands(program, command);
  addCreation(program, command);
  addLibraries(program, command);
  addDepartments(program, command);
  addFilters(program, command);
  addMachines(program, command);
  addGpus(program, command);
  addLifecycle(program, command);
  addPolicies(program, command);
  addHistory(program, command);
  return program;
}

function addHostCommands(program: Command, add: AddCommand): void {
  add(program, 'doctor', 'examine this host', async (options) =>
    (await import('./cli/doctor.ts')).doctor(options),
  );
  add<GlobalOptions & { database?: boolean }>(
    program,
    'recover',
    'undo or adopt what processes left that have died',
    async (options) => (await import('./cli/recover.ts')).recover(options),
  ).option('--database', 'start again from the last backup of a damaged database');
}

function addCreation(program: Command, add: AddCommand): void {
  const collect = (value: string, all: string[]) => [...all, value];
  add<CreateOptions>(program, 'create', 'make a machine', async (options) =>
    (await import('./cli/create.ts')).create(options),
  )
    .requiredOption('--template <id>', 'what to make: see "templates list"')
    .requiredOption('--name <name>', 'name of the machine')
    .option('--department <department>', 'whose it is, by id or name (default: Personal)')
    .option('--user <name>', 'account to make in the guest')
    .option('--password-stdin', "read the account's password from standard input")
    .option(
      '--product-key-stdin',
      'read the key of Windows from it, from the line after a password',
    )
    .option('--ssh-key <file>', 'public key that may log in (repeatable)', collect, [])
    .option(
      '--set <key=value>',
      'cpus, memory, disk, extra-disk, image, network, firmware, filter, cpu-policy, hugepages, edition, drivers',
      collect,
      [],
    )
    .option('--app <id>', 'ID or ID:NAME=VALUE,… to install (repeatable)', collect, [])
    .option('--gpu <pci>', 'graphics card, as 01:00.0[,rom=/file] (repeatable)', collect, [])
    .option('--hide-hypervisor', 'do not tell the guest, for drivers of some graphics cards')
    .option('--count <n>', 'make several: NAME-1, NAME-2 …')
    .option('--priority <n>', 'place in the queue, -100 to 100', '0')
    .option('--dry-run', 'show what would be made, and make nothing')
    .option('--wait <until>', 'running or ready', 'running');

  const creations = program.command('creations').description('runs that make machines');
  add(creations, 'list', 'list all', async (options) =>
    (await import('./cli/creations.ts')).listCreations(options),
  );
  add(creations, 'show <creation>', 'stages, error and log', async (options, [ref = '']) =>
    (await import('./cli/creations.ts')).showCreation(ref, options),
  );
  add(creations, 'cancel <creation>', 'cancel and undo', async (options, [ref = '']) =>
    (await import('./cli/creations.ts')).cancelCreation(ref, options),
  );
  add<GlobalOptions & { wait?: string }>(
    creations,
    'retry <creation>',
    'try again with the same inputs',
    async (options, [ref = '']) => (await import('./cli/creations.ts')).retryCreation(ref, options),
  ).option('--wait <until>', 'running or ready', 'running');
}

function addLibraries(program: Command, add: AddCommand): void {
  addTemplates(program, add);
  const media = program.command('media').description('disk images that machines rest on');
  add(media, 'list', 'list all', async (options) =>
    (await import('./cli/media.ts')).listMedia(options),
  );
  add<GlobalOptions & { name?: string }>(
    media,
    'add <file>',
    'take a disk image into the library',
    async (options, [path = '']) => (await import('./cli/media.ts')).addMedia(path, options),
  ).option('--name <name>', "default: the file's name");
  add<GlobalOptions & { name?: string }>(
    media,
    'capture <machine>',
    'make an image of the disk of a machine that is off',
    async (options, [ref = '']) => (await import('./cli/media.ts')).captureMedia(ref, options),
  ).option('--name <name>', "default: the machine's name");
  add(media, 'remove <image...>', 'remove images that no machine uses', async (options, refs) =>
    (await import('./cli/media.ts')).removeMedia(refs, options),
  );
}

function addGpus(program: Command, add: AddCommand): void {
  const gpus = program.command('gpus').description('graphics cards that machines can have');
  add(gpus, 'list', 'list all, with what stands against it', async (options) =>
    (await import('./cli/gpus.ts')).listGpus(options),
  );
}

function addPolicies(program: Command, add: AddCommand): void {
  const policies = program.command('policies').description("this host's rules for creations");
  add(policies, 'show', 'show all', async (options) =>
    (await import('./cli/policies.ts')).showPolicies(options),
  );
  add(policies, 'set <key=value...>', 'change some', async (options, words) =>
    (await import('./cli/policies.ts')).setPolicies(words, options),
  );
}

const POWER: Record<Exclude<PowerCommand, 'stop'>, string> = {
  start: 'start machines',
  kill: 'turn machines off at once',
  pause: "stop machines' CPUs",
  resume: 'let paused machines go on',
  reboot: 'ask guests to reboot',
};

function addMachines(program: Command, add: AddCommand): void {
  add(program, 'list', 'list machines', async (options) =>
    (await import('./cli/machines.ts')).listMachines(options),
  );
  add<GlobalOptions & { xml?: boolean }>(
    program,
    'show <machine>',
    'show a machine',
    async (options, [ref = '']) => (await import('./cli/machines.ts')).showMachine(ref, options),
  ).option('--xml', "print libvirt's definition");
  for (const name of ['start', 'kill', 'pause', 'resume', 'reboot'] as const) {
    add(program, `${name} <machine...>`, POWER[name], async (options, refs) =>
      (await import('./cli/machines.ts')).powerMachines(name, refs, options),
    );
  }
  add(program, 'delete <machine...>', 'remove machines and their disks', async (options, refs) =>
    (await import('./cli/machines.ts')).deleteMachines(refs, options),
  );
  add<GlobalOptions & { vv?: boolean }>(
    program,
    'console <machine>',
    "open a machine's screen",
    async (options, [ref = '']) => (await import('./cli/console.ts')).openConsole(ref, options),
  ).option('--vv', "only write the viewer's file and print its path");
}

function addHistory(program: Command, add: AddCommand): void {
  add<AuditOptions>(program, 'audit', 'who did what, newest first', async (options) =>
    (await import('./cli/audit.ts')).showAudit(options),
  )
    .option('--limit <n>', 'at most so many entries', '100')
    .option('--before <id>', 'only older entries')
    .option('--command <name>', 'a command such as machines.delete, or a topic such as machines')
    .option('--department <id>', 'only of one department');
  add<MetricsOptions>(program, 'metrics', 'what creations took', async (options) =>
    (await import('./cli/metrics.ts')).showMetrics(options),
  )
    .option('--days <n>', 'how far back', '90')
    .option('--prometheus <file>', 'write all of it as a text file for Prometheus');
}

// Halves the time of every later call. A folder of the person's own: whoever can write there can run code here.
enableCompileCache(join(resolvePaths().cache, 'compile'));
// Whoever reads the output may stop reading; the work goes on.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
});
let code = 0;
try {
  await buildProgram((result) => {
    code = result;
  }).parseAsync();
} catch (error) {
  if (!(error instanceof CommanderError)) throw error;
  code = error.exitCode === 0 ? 0 : EXIT.usage;
}
process.exitCode = code;
