import type { Finding } from '../../../../src-contract/model/error.ts';
import { nameKey, nameProblem, nextFreeName } from '../../domain/naming.ts';
import type { DomainFacts } from '../../ports/hypervisor.ts';
import type { MachineRecord } from '../../ports/repositories.ts';

/** Needs no host, so the wizard can say it at once. */
export function checkNameText(name: string): Finding[] {
  const problem = nameProblem(name);
  if (problem === null) return [];
  return [{ code: 'name_invalid', severity: 'error', message: problem, field: 'name' }];
}

export function checkNameFree(
  name: string,
  machines: readonly MachineRecord[],
  domains: readonly DomainFacts[],
): Finding[] {
  const taken = new Set(machines.map((machine) => nameKey(machine.name)));
  for (const domain of domains) {
    taken.add(nameKey(domain.name));
    if (domain.title !== null) taken.add(nameKey(domain.title));
  }
  const isTaken = (candidate: string) => taken.has(nameKey(candidate));
  if (!isTaken(name)) return [];
  const free = nextFreeName(name, isTaken);
  return [
    {
      code: 'name_taken',
      severity: 'error',
      message: `There is already a machine called “${name}”.`,
      hint: 'Choose another name.',
      field: 'name',
      fix: { action: 'set-field', label: `Use “${free}”`, field: 'name', value: free },
    },
  ];
}
