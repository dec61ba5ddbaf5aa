import { useBerth } from '../store/use-berth.ts';
import { formatBytes, formatCpus } from '../ui/format.ts';
import { href } from '../ui/navigation.ts';

const WORD = {
  connecting: 'Connecting',
  connected: 'Connected',
  reconnecting: 'Reconnecting',
  failed: 'Not connected',
} as const;

/** The virtualization host in two lines, at the foot of the side bar. */
export function HostStatus() {
  const host = useBerth((state) => state.host);
  if (!host) return null;
  const word = WORD[host.connection];
  const accelerator = host.accelerator === 'kvm' ? 'KVM' : 'no KVM';
  return (
    <a className="host-status" href={href.host()} title={`${host.hostname}: ${word}`}>
      <span className="host-name">
        <span className="host-dot" data-connection={host.connection} />
        <span className="sidebar-text ellipsis">{host.hostname}</span>
      </span>
      <span className="sidebar-text">
        {host.connection === 'connected'
          ? `${formatCpus(host.cpus)} · ${formatBytes(host.memoryBytes)} · ${accelerator}`
          : word}
      </span>
    </a>
  );
}
