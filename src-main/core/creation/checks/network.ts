import type { Finding } from '../../../../src-contract/model/error.ts';
import type { NetworkChoice } from '../../../../src-contract/model/template.ts';
import type { MachineSpec } from '../../domain/machine-spec.ts';
import type { NetworkFacts } from '../../ports/hypervisor.ts';
import type { Facts } from '../facts.ts';
import type { Check } from './check-input.ts';

const PREFERRED = 'default';
const FIELD = 'overrides.network';

/**
 * `auto` becomes the active network `default`, else the first active one, else user-mode networking.
 * A department with a network of its own has its machines on that one, or on none.
 */
export function resolveNetwork(
  choice: NetworkChoice,
  networks: readonly NetworkFacts[],
  departmentNetwork: string | null,
): MachineSpec['network'] {
  if (choice.kind === 'none') return choice;
  if (departmentNetwork !== null) return { kind: 'network', name: departmentNetwork };
  if (choice.kind !== 'auto') return choice;
  const active = networks.filter((network) => network.active);
  const network = active.find(({ name }) => name === PREFERRED) ?? active[0];
  return network ? { kind: 'network', name: network.name } : { kind: 'user' };
}

export const checkNetwork: Check = ({ wish, facts, departmentNetwork }) => {
  const choice = resolveNetwork(wish.network, facts.networks, departmentNetwork);
  const asked = wish.input.overrides.network;
  const foreign =
    departmentNetwork !== null && asked !== undefined && !isOneOf(asked, departmentNetwork);
  if (foreign) return [departmentsOwn(departmentNetwork)];
  if (choice.kind === 'network') return checkLibvirtNetwork(choice.name, facts.networks);
  if (choice.kind === 'bridge') return checkBridge(choice.name, facts);
  return wish.network.kind === 'auto' ? [userMode(facts.networks)] : [];
};

const isOneOf = (choice: NetworkChoice, name: string): boolean =>
  choice.kind === 'auto' ||
  choice.kind === 'none' ||
  (choice.kind === 'network' && choice.name === name);

function departmentsOwn(name: string): Finding {
  return {
    code: 'network_of_department',
    severity: 'error',
    message: `The machines of this department are on its network “${name}”.`,
    field: FIELD,
    fix: { action: 'set-field', label: `Use “${name}”`, field: FIELD, value: name },
  };
}

function userMode(networks: readonly NetworkFacts[]): Finding {
  const idle = networks.find(({ name }) => name === PREFERRED) ?? networks[0];
  return {
    code: 'network_user_mode',
    severity: 'warning',
    message:
      'No virtual network is active: the machine can reach the outside, but nothing can reach it.',
    field: FIELD,
    ...(idle && { fix: startNetwork(idle.name) }),
  };
}

function checkLibvirtNetwork(name: string, networks: readonly NetworkFacts[]): Finding[] {
  const network = networks.find((one) => one.name === name);
  if (network?.active) return [];
  if (network === undefined) {
    const message = `There is no network “${name}” on this host.`;
    const hint = 'Choose another network.';
    return [{ code: 'network_missing', severity: 'error', message, hint, field: FIELD }];
  }
  return [
    {
      code: 'network_inactive',
      severity: 'error',
      message: `The network “${name}” is not active.`,
      field: FIELD,
      fix: startNetwork(name),
    },
  ];
}

function checkBridge(name: string, { bridges, host }: Facts): Finding[] {
  const common = { severity: 'error', field: FIELD } as const;
  if (host.scope === 'session') {
    return [
      {
        ...common,
        code: 'bridge_denied',
        message: 'A session’s libvirt cannot put machines on a bridge of the host.',
        hint: 'Use user-mode networking, or connect to qemu:///system.',
        fix: { action: 'set-field', label: 'Use user mode', field: FIELD, value: 'user' },
      },
    ];
  }
  const bridge = bridges.find((one) => one.name === name);
  if (bridge?.up) return [];
  if (bridge !== undefined) {
    return [
      {
        ...common,
        code: 'bridge_down',
        message: `The bridge “${name}” is down.`,
        fix: {
          action: 'run-command',
          label: `Bring “${name}” up`,
          command: `sudo ip link set ${name} up`,
        },
      },
    ];
  }
  const names = bridges.map((one) => one.name).join(', ');
  const hint = names === '' ? 'This host has no bridge.' : `This host has: ${names}.`;
  return [{ ...common, code: 'bridge_missing', message: `There is no bridge “${name}”.`, hint }];
}

const startNetwork = (network: string) =>
  ({ action: 'start-network', label: `Start the network “${network}”`, network }) as const;
