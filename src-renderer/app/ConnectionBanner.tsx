import type { Fix } from '../../src-contract/model/error.ts';
import { applyFix } from '../bridge/commands.ts';
import { useBerth } from '../store/use-berth.ts';
import { FindingRow, type FixOffer } from '../ui/FindingRow.tsx';
import { report } from '../ui/notify.ts';

function offer(fix: Fix | undefined): FixOffer | undefined {
  if (!fix) return undefined;
  if (fix.action === 'run-command') return { label: 'Copy', command: fix.command };
  return {
    label: fix.label,
    run: async () => void report(await applyFix(fix), `${fix.label} did not work`),
  };
}

/** Says that the machines cannot be reached, why, and whether Berth is trying again. */
export function ConnectionBanner() {
  const host = useBerth((state) => state.host);
  if (!host || host.connection === 'connected' || host.connection === 'connecting') return null;
  const again = host.connection === 'reconnecting';
  const message = again
    ? 'The connection to libvirt was lost. Reconnecting…'
    : (host.error?.message ?? 'Berth cannot reach libvirt.');
  const hint = again ? 'Running machines go on. The list shows what was last known.' : undefined;
  return (
    <div className="banner" role="status" data-testid="connection-banner">
      <FindingRow
        severity={again ? 'warning' : 'error'}
        message={message}
        hint={host.error?.hint ?? hint}
        fix={offer(host.error?.fix)}
      >
        {host.error?.cause ? <pre className="cause">{host.error.cause}</pre> : null}
      </FindingRow>
    </div>
  );
}
