import type { Finding } from '../../../../src-contract/model/error.ts';
import { CLEAN_TRAFFIC } from '../../domain/nwfilter.ts';
import type { Check } from './check-input.ts';
import { resolveNetwork } from './network.ts';

/** A policy that this host or this network cannot enforce forbids the machine: it would run in the open. */
export const checkFilter: Check = (input) => {
  const { wish, facts, filtered } = input;
  if (!filtered) return [];
  const network = resolveNetwork(wish.network, facts.networks, input.departmentNetwork);
  // What has no network needs no filter.
  if (network.kind === 'none') return [];
  if (facts.filters === null) {
    return [
      unenforceable(
        'This connection’s libvirt has no network filters: only the system’s daemon enforces them.',
        'Connect to qemu:///system, as root or as a member of the group libvirt.',
        {
          action: 'run-command',
          label: 'Join the group libvirt',
          command: 'sudo usermod -aG libvirt "$USER"',
        },
      ),
    ];
  }
  if (network.kind === 'user') {
    const active = facts.networks.find((one) => one.active);
    const idle = facts.networks.find((one) => !one.active);
    return [
      unenforceable(
        'User-mode networking passes the network filter by.',
        'Use a libvirt network or a bridge, or no network.',
        fixForUser(active?.name, idle?.name),
      ),
    ];
  }
  return [...checkStock(facts.filters), ...checkKernel(facts.bridgeFirewall)];
};

function fixForUser(active: string | undefined, idle: string | undefined): Finding['fix'] {
  if (active === undefined && idle !== undefined) {
    return { action: 'start-network', label: `Start the network “${idle}”`, network: idle };
  }
  const value = active ?? 'none';
  const label = active === undefined ? 'Use no network' : `Use the network “${active}”`;
  return { action: 'set-field', label, field: 'overrides.network', value };
}

function checkStock(filters: readonly string[]): Finding[] {
  if (filters.includes(CLEAN_TRAFFIC)) return [];
  return [
    unenforceable(
      `libvirt’s own filter “${CLEAN_TRAFFIC}”, on which Berth’s rest, is not on this host.`,
      'Install it, and restart the daemon.',
      {
        action: 'run-command',
        label: 'Install libvirt’s filters',
        command:
          'sudo apt install libvirt-daemon-config-nwfilter || sudo dnf install libvirt-daemon-config-nwfilter',
      },
    ),
  ];
}

/** See the kernel's networking/ip-sysctl, bridge-nf-call-iptables. */
function checkKernel(bridgeFirewall: boolean | null): Finding[] {
  if (bridgeFirewall !== false) return [];
  return [
    unenforceable(
      'The kernel is told not to show bridged packets to its firewall, so that filter rules would have no effect.',
      'Switch it on.',
      {
        action: 'run-command',
        label: 'Filter bridged packets',
        command:
          'sudo sysctl -w net.bridge.bridge-nf-call-iptables=1 net.bridge.bridge-nf-call-ip6tables=1',
      },
    ),
  ];
}

function unenforceable(message: string, hint: string, fix: Finding['fix']): Finding {
  return {
    code: 'filter_unenforceable',
    severity: 'error',
    message,
    hint,
    field: 'overrides.network',
    ...(fix && { fix }),
  };
}
