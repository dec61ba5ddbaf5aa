import { Loader } from '@mantine/core';
import { lazy, type ReactNode, Suspense } from 'react';
import type { ErrorData, Finding, Fix } from '../../../src-contract/model/error.ts';
import type { Plan } from '../../../src-contract/model/plan.ts';
import { Disclosure } from '../../ui/Disclosure.tsx';
import { ErrorPanel } from '../../ui/ErrorPanel.tsx';
import { FindingRow, type FixOffer } from '../../ui/FindingRow.tsx';
import { formatBytes, formatCpus, formatEstimate } from '../../ui/format.ts';

const ReceiptDetails = lazy(() =>
  import('./ReceiptDetails.tsx').then((m) => ({ default: m.ReceiptDetails })),
);

const ORDER = { error: 0, warning: 1, info: 2 } as const;

type LineProps = { label: string; children: ReactNode; note?: string };

function Line({ label, children, note }: LineProps) {
  return (
    <div className="receipt-line">
      <dt>{label}</dt>
      <dd>
        {children}
        {note ? <small>{note}</small> : null}
      </dd>
    </div>
  );
}

function makes(plan: Plan): string {
  const counts = new Map<string, number>();
  for (const { kind } of plan.resources) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  const words = { domain: 'machine', nwfilter: 'network filter' } as Record<string, string>;
  return [...counts]
    .map(([kind, count]) => `${count} ${words[kind] ?? kind}${count === 1 ? '' : 's'}`)
    .join(', ');
}

/** What the department could still claim after this machine; nothing where it has no limits. */
function QuotaLine({ quota }: { quota: NonNullable<Plan['quota']> }) {
  const { machines, vcpus, memoryBytes, diskBytes, gpus } = quota.leftAfter;
  const left = [
    machines === null ? null : `${machines} ${machines === 1 ? 'machine' : 'machines'}`,
    vcpus === null ? null : formatCpus(vcpus),
    memoryBytes === null ? null : `${formatBytes(memoryBytes)} memory`,
    diskBytes === null ? null : `${formatBytes(diskBytes)} disk`,
    gpus === null ? null : `${gpus} graphics ${gpus === 1 ? 'card' : 'cards'}`,
  ].filter((part) => part !== null);
  if (left.length === 0) return null;
  return (
    <Line label="Quota left" note={`of the department ${quota.department}`}>
      {left.join(', ')}
    </Line>
  );
}

function MakesLine({ plan }: { plan: Plan }) {
  const { names } = plan;
  const each = makes(plan) || 'nothing yet';
  if (names.length < 2) return <Line label="Makes">{each}</Line>;
  return (
    <Line label="Makes" note={`${each} each`}>
      {names.length} machines, {names[0]} to {names.at(-1)}
    </Line>
  );
}

const memoryLeft = (bytes: number): string =>
  bytes < 0 ? 'more than the host has left now' : `${formatBytes(bytes)} left on the host`;

function Lines({ plan }: { plan: Plan }) {
  const { disk, memory, estimate } = plan;
  const free = disk.available === null ? {} : { note: `${formatBytes(disk.available)} free` };
  const basis =
    estimate.basis === 'history' ? 'measured on this computer' : 'usual for the template';
  return (
    <dl className="receipt-lines tabular">
      <MakesLine plan={plan} />
      <Line label="Disk now">{formatBytes(disk.now)}</Line>
      <Line label="Disk at worst" {...free}>
        {formatBytes(disk.worst)}
      </Line>
      <Line label="Memory" note={memoryLeft(memory.leftAfter)}>
        {formatBytes(memory.needed)}
      </Line>
      {plan.quota === null ? null : <QuotaLine quota={plan.quota} />}
      <Line label="Network">{plan.network}</Line>
      <Line label="Accelerator">{plan.accelerator === 'kvm' ? 'KVM' : 'None (emulated)'}</Line>
      <Line label={plan.names.length > 1 ? 'All ready in' : 'Ready in'} note={basis}>
        {formatEstimate(estimate.seconds)}
      </Line>
    </dl>
  );
}

type Props = {
  plan: Plan | null;
  error: ErrorData | null;
  pending: boolean;
  findings: readonly Finding[];
  offerFix: (fix: Fix | undefined) => FixOffer | undefined;
};

/** What pressing Create would do, before anything is done. */
export function Receipt({ plan, error, pending, findings, offerFix }: Props) {
  const sorted = findings.toSorted((a, b) => ORDER[a.severity] - ORDER[b.severity]);
  return (
    <aside className="card card-pad receipt stack" aria-label="Receipt" data-testid="receipt">
      <div className="receipt-head">
        <h2 className="card-title">What you get</h2>
        {pending ? <Loader size={14} aria-label="Checking" /> : null}
      </div>
      {plan ? <Lines plan={plan} /> : null}
      {error ? <ErrorPanel {...error} fix={offerFix(error.fix)} /> : null}
      <div className="stack" aria-live="polite" data-testid="findings">
        {sorted.map((finding) => (
          <FindingRow
            key={`${finding.code} ${finding.field ?? ''}`}
            {...finding}
            fix={offerFix(finding.fix)}
          />
        ))}
      </div>
      {plan ? (
        <Disclosure label="Details" testId="receipt-details">
          {() => (
            <Suspense fallback={null}>
              <ReceiptDetails plan={plan} />
            </Suspense>
          )}
        </Disclosure>
      ) : null}
    </aside>
  );
}
