import { BerthError } from '../errors.ts';
import type { ConsoleEndpoint, Hypervisor } from '../ports/hypervisor.ts';
import type { MachineLibrary } from './machines.ts';

export interface ConsoleDeps {
  hypervisor: Hypervisor;
  library: MachineLibrary;
}

/** A display with what opens it. `password` is empty when there is none: keep it out of logs and command lines. */
export interface ConsoleAccess extends ConsoleEndpoint {
  name: string;
  password: string;
}

/** Rejects with `machine_not_running`, `console_none`, or what libvirt says. */
export async function consoleAccess(deps: ConsoleDeps, machineId: string): Promise<ConsoleAccess> {
  const machine = deps.library.get(machineId);
  if (machine.power === 'off' || machine.power === 'crashed') {
    throw new BerthError('machine_not_running', `${machine.name} is ${machine.power}.`, {
      hint: 'Start it to see its screen.',
    });
  }
  if (machine.graphics === 'none') {
    throw new BerthError('console_none', `${machine.name} has no graphical display.`);
  }
  const [endpoint, xml] = await Promise.all([
    deps.hypervisor.consoleEndpoint(machine.domainUuid),
    deps.hypervisor.domainXml(machine.domainUuid, { secure: true }),
  ]);
  return { ...endpoint, name: machine.name, password: displayPassword(xml, endpoint.protocol) };
}

/** Attribute `passwd` of the display's element in a secure domain XML, as libvirt writes it. */
export function displayPassword(xml: string, protocol: ConsoleEndpoint['protocol']): string {
  for (const [element] of xml.matchAll(/<graphics\b[^>]*>/g)) {
    if (!new RegExp(`\\stype=['"]${protocol}['"]`).test(element)) continue;
    return unescapeXml(/\spasswd=(['"])(.*?)\1/.exec(element)?.[2] ?? '');
  }
  return '';
}

const ENTITIES: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

function unescapeXml(text: string): string {
  return text.replaceAll(/&(amp|lt|gt|quot|apos);/g, (all, name: string) => ENTITIES[name] ?? all);
}
