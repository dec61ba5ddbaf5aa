import './host.css';
import { Button } from '@mantine/core';
import { IconRefresh } from '@tabler/icons-react';
import type { Host } from '../../../src-contract/model/host.ts';
import { may } from '../../store/roles.ts';
import { useBerth } from '../../store/use-berth.ts';
import { ErrorPanel } from '../../ui/ErrorPanel.tsx';
import { formatBytes, formatCpus } from '../../ui/format.ts';
import { PageHeader } from '../../ui/PageHeader.tsx';
import { CheckList } from './CheckList.tsx';
import { GpuList } from './GpuList.tsx';
import { Orphans } from './Orphans.tsx';
import { PolicyForm } from './PolicyForm.tsx';
import { useDoctor } from './use-doctor.ts';

function HostFacts({ host }: { host: Host }) {
  return (
    <dl className="facts selectable">
      <dt>Computer</dt>
      <dd>
        {host.hostname}, {formatCpus(host.cpus)}, {formatBytes(host.memoryBytes)}
      </dd>
      <dt>Connection</dt>
      <dd>
        <code>{host.uri}</code> {host.connection}
        {host.scope === 'session' ? ' (no bridges, network filters or GPUs)' : ''}
      </dd>
      <dt>Versions</dt>
      <dd>
        libvirt {host.libvirtVersion}, {host.hypervisorVersion}
      </dd>
      <dt>Accelerator</dt>
      <dd>
        {host.accelerator === 'kvm' ? 'KVM' : 'none: machines are emulated and slower'}
        {host.acceleratorReason === null ? null : (
          <div className="muted">{host.acceleratorReason}</div>
        )}
      </dd>
    </dl>
  );
}

/** This computer as a place for machines: what is there, what is missing, how to mend it. */
export function HostView() {
  const host = useBerth((state) => state.host);
  const mayScan = useBerth((state) => may(state, 'reconcile.scan'));
  const { checks, error, busy, check } = useDoctor();
  return (
    <div className="page" data-testid="host-page">
      <PageHeader title="Host" subtitle="This computer as a place for machines">
        <Button
          variant="default"
          leftSection={<IconRefresh size={16} />}
          loading={busy}
          onClick={() => void check()}
        >
          Check again
        </Button>
      </PageHeader>
      <div className="page-body">
        <div className="page-width host">
          {host ? (
            <section className="card card-pad" aria-label="This computer">
              <h2 className="card-title">This computer</h2>
              <HostFacts host={host} />
            </section>
          ) : null}
          {error ? <ErrorPanel {...error} fix={undefined} /> : null}
          {checks ? (
            <section className="card card-pad" aria-label="Checks" aria-busy={busy}>
              <h2 className="card-title">Checks</h2>
              <CheckList checks={checks} onFixed={check} />
            </section>
          ) : null}
          <GpuList turn={checks} />
          <PolicyForm memoryBytes={host?.memoryBytes ?? 0} />
          {mayScan ? <Orphans /> : null}
        </div>
      </div>
    </div>
  );
}
