import type { ErrorData } from '../../src-contract/model/error.ts';
import type { Machine } from '../../src-contract/model/machine.ts';
import { toBerthError } from '../core/errors.ts';
import type { PowerCommand } from '../core/lifecycle/power.ts';
import { findMachine } from './find-machine.ts';
import { EXIT, type GlobalOptions, type Session, withBerth } from './session.ts';
import { formatSize } from './sizes.ts';

export function listMachines(options: GlobalOptions): Promise<number> {
  return withBerth(options, { connection: 'required' }, async ({ berth, out }) => {
    const machines = berth.library
      .list()
      .filter(({ departmentId }) => berth.access.canSee(departmentId))
      .sort((a, b) => a.name.localeCompare(b.name));
    for (const machine of machines) out.record(toRecord(machine));
    out.table(
      ['NAME', 'STATE', 'SETUP', 'SYSTEM', 'CPUS', 'MEMORY', 'MADE BY'],
      machines.map((m) => [
        m.name,
        m.power,
        m.provisioning === 'none' ? '' : m.provisioning,
        m.osLabel ?? '',
        String(m.vcpus),
        formatSize(m.memoryBytes),
        m.origin === 'berth' ? 'Berth' : 'another tool',
      ]),
    );
    return EXIT.done;
  });
}

export function showMachine(
  ref: string,
  options: GlobalOptions & { xml?: boolean },
): Promise<number> {
  return withBerth(options, { connection: 'required' }, async ({ berth, call, out }) => {
    const { id } = findMachine(berth.library.list(), ref);
    const details = await call('machines.details', { machineId: id });
    await berth.refreshAddresses(id);
    const machine = berth.library.get(id);
    out.record({ ...toRecord(machine), details });
    if (options.xml) {
      out.text(details.domainXml.trimEnd());
      return EXIT.done;
    }
    out.text(`${machine.name}: ${machine.power}`);
    out.text(`  id        ${machine.id}`);
    out.text(`  domain    ${machine.domainName} ${machine.domainUuid}`);
    out.text(
      `  system    ${machine.osLabel ?? 'unknown'}, ${details.firmware}, ${details.accelerator}`,
    );
    out.text(`  size      ${machine.vcpus} CPUs, ${formatSize(machine.memoryBytes)} memory`);
    for (const disk of details.disks) {
      const size = disk.capacityBytes === null ? '' : `, ${formatSize(disk.capacityBytes)}`;
      out.text(`  ${disk.device.padEnd(9)} ${disk.target} ${disk.source ?? 'empty'}${size}`);
    }
    for (const card of details.interfaces) out.text(`  network   ${card.source} ${card.mac}`);
    for (const address of machine.addresses) out.text(`  address   ${address}`);
    for (const note of machine.notes) out.text(`  note      ${note.message}`);
    return EXIT.done;
  });
}

const DONE: Record<Exclude<PowerCommand, 'stop'> | 'delete', string> = {
  start: 'started',
  kill: 'turned off',
  pause: 'paused',
  resume: 'resumed',
  reboot: 'asked to reboot',
  delete: 'deleted with everything that was its own',
};

export function powerMachines(
  command: Exclude<PowerCommand, 'stop'>,
  refs: string[],
  options: GlobalOptions,
): Promise<number> {
  return withBerth(options, { connection: 'required' }, (session) =>
    forEachMachine(session, DONE[command], refs, async ({ id }) => {
      await session.call(`machines.${command}`, { machineId: id });
      return toRecord(session.berth.library.peek(id) ?? session.berth.library.get(id));
    }),
  );
}

export function deleteMachines(refs: string[], options: GlobalOptions): Promise<number> {
  return withBerth(options, { connection: 'required' }, async (session) => {
    await session.berth.recover();
    return forEachMachine(session, DONE.delete, refs, async (machine) => {
      await session.call('machines.delete', { machineId: machine.id });
      return { id: machine.id, name: machine.name, state: 'deleted' };
    });
  });
}

/** One machine after the other; a failure does not keep the others. The first error is told last. */
export async function forEachMachine(
  { berth, out, interrupted }: Session,
  told: string,
  refs: string[],
  act: (machine: Machine) => Promise<object>,
): Promise<number> {
  const errors: ErrorData[] = [];
  for (const ref of refs) {
    interrupted.throwIfAborted();
    try {
      const machine = findMachine(berth.library.list(), ref);
      const result = await act(machine);
      out.both({ type: 'result', machine: result }, `${machine.name} ${told}.`);
    } catch (error) {
      errors.push(toBerthError(error).toData());
    }
  }
  for (const error of errors) out.error(error);
  return errors.length === 0 ? EXIT.done : EXIT.failed;
}

export function toRecord(machine: Machine): object {
  return { ...machine, state: machine.power };
}
