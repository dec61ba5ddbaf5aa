import type { Machine } from '../../src-contract/model/machine.ts';
import { BerthError } from '../core/errors.ts';

/** A machine by its name (in any case), domain name, id or UUID. Throws `machine_missing`, `machine_ambiguous`. */
export function findMachine(machines: readonly Machine[], ref: string): Machine {
  const wanted = fold(ref);
  const exact = machines.filter((m) => m.id === ref || m.domainUuid === ref || m.name === ref);
  const found =
    exact.length > 0
      ? exact
      : machines.filter((m) => fold(m.name) === wanted || m.domainName === ref);
  const [machine, twin] = found;
  if (machine === undefined) {
    throw new BerthError('machine_missing', `There is no machine "${ref}".`, {
      hint: '"berth list" shows all of them.',
    });
  }
  if (twin !== undefined) {
    throw new BerthError('machine_ambiguous', `More than one machine is called "${ref}".`, {
      hint: `Use an id: ${found.map((m) => m.id).join(', ')}`,
    });
  }
  return machine;
}

function fold(text: string): string {
  return text.normalize('NFC').toLowerCase();
}
