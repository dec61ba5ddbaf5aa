import type { Creation } from '../../src-contract/model/creation.ts';
import type { Session } from './session.ts';

/** A guest agent that does not answer takes some seconds to be given up. */
const ADDRESS_PATIENCE_MS = 7_000;

/** The result: the machine, how to reach it and how to remove it. */
export async function describeReady({ berth, out }: Session, creation: Creation): Promise<void> {
  const { machineId } = creation;
  if (berth.library.get(machineId).addresses.length === 0) {
    await berth.refreshAddresses(machineId, AbortSignal.timeout(ADDRESS_PATIENCE_MS));
  }
  const machine = berth.library.get(machineId);
  out.record({ type: 'result', machine });
  const took = ((berth.ports.clock.now() - creation.createdAt) / 1000).toFixed(1);
  const state = machine.provisioning === 'ready' ? 'ready' : machine.power;
  out.text(`${machine.name} is ${state} after ${took} s.`);
  for (const note of creation.notes) out.text(`  note:    ${note.message}`);
  const [address] = machine.addresses;
  const { user } = creation.input;
  if (address !== undefined && user) out.text(`  log in:  ssh ${user}@${address}`);
  else if (address !== undefined) out.text(`  address: ${address}`);
  const name = quote(machine.name);
  // A checkout starts the command line through npm.
  const program = process.env['BERTH_COMMAND'] ?? 'berth';
  if (machine.graphics !== 'none') out.text(`  screen:  ${program} console ${name}`);
  out.text(`  remove:  ${program} delete ${name}`);
}

/** As a POSIX shell reads it back. */
function quote(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
