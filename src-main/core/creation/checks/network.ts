import type { NetworkChoice } from '../../../../src-contract/model/template.ts';
import type { MachineSpec } from '../../domain/machine-spec.ts';
import type { NetworkFacts } from '../../ports/hypervisor.ts';
import type { Check } from './check-input.ts';

const PREFERRED = 'default';

/** `auto` becomes the active network `default`, else the first active one, else user-mode networking. */
export function resolveNetwork(
  choice: NetworkChoice,
  networks: readonly NetworkFacts[],
): MachineSpec['network'] {
  if (choice.kind !== 'auto') return choice;
  const active = networks.filter((network) => network.active);
  const network = active.find(({ name }) => name === PREFERRED) ?? active[0];
  return network ? { kind: 'network', name: network.name } : { kind: 'user' };
}

export const checkNetwork: Check = ({ wish, facts }) => {
  const choice = wish.network;
  const field = 'overrides.network';
  if (choice.kind === 'auto') {
    if (resolveNetwork(choice, facts.networks).kind !== 'user') return [];
    const idle = facts.networks.find(({ name }) => name === PREFERRED) ?? facts.networks[0];
    return [
      {
        code: 'network_user_mode',
        severity: 'warning',
        message:
          'No virtual network is active: the machine can reach the outside, but nothing can reach it.',
        field,
        ...(idle && { fix: startNetwork(idle.name) }),
      },
    ];
  }
  if (choice.kind !== 'network') return [];
  const network = facts.networks.find(({ name }) => name === choice.name);
  if (network?.active) return [];
  if (network === undefined) {
    const message = `There is no network “${choice.name}” on this host.`;
    const hint = 'Choose another network.';
    return [{ code: 'network_missing', severity: 'error', message, hint, field }];
  }
  return [
    {
      code: 'network_inactive',
      severity: 'error',
      message: `The network “${choice.name}” is not active.`,
      field,
      fix: startNetwork(choice.name),
    },
  ];
};

const startNetwork = (network: string) =>
  ({ action: 'start-network', label: `Start the network “${network}”`, network }) as const;
