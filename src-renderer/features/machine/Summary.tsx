import type { ReactNode } from 'react';
import type { Machine } from '../../../src-contract/model/machine.ts';
import { powerBadge, provisioningBadge } from '../../store/labels.ts';
import { useBerth } from '../../store/use-berth.ts';
import { CopyText } from '../../ui/CopyText.tsx';
import { FindingRow } from '../../ui/FindingRow.tsx';
import { formatBytes, formatCpus, formatDate } from '../../ui/format.ts';
import { href } from '../../ui/navigation.ts';
import { StateBadge } from '../../ui/StateBadge.tsx';

function Fact({ label, children }: { label: string; children: ReactNode }) {
  return (
    <>
      <dt>{label}</dt>
      <dd>{children}</dd>
    </>
  );
}

function Notes({ machine }: { machine: Machine }) {
  return (
    <>
      {machine.origin === 'external' ? (
        <FindingRow
          severity="info"
          message="Made by another tool"
          hint="Berth shows and runs it, and never deletes it."
        />
      ) : null}
      {machine.deleteFailed ? (
        <FindingRow
          severity="error"
          message="It could not be deleted completely"
          hint="The record is kept so that it can be tried again: choose Delete in the menu."
        />
      ) : null}
      {machine.notes.map((note) => (
        <FindingRow key={note.code} {...note} fix={undefined} />
      ))}
    </>
  );
}

export function Summary({ machine }: { machine: Machine }) {
  const template = useBerth(
    (state) => state.templates.find(({ id }) => id === machine.templateId)?.name,
  );
  const recorded = useBerth(
    ({ creations }) => machine.creationId !== null && creations.has(machine.creationId),
  );
  return (
    <section className="card card-pad stack" aria-label="Summary">
      <dl className="facts">
        <Fact label="Power">
          <StateBadge {...powerBadge(machine)} />
        </Fact>
        {machine.origin === 'berth' ? (
          <Fact label="Setup">
            <StateBadge {...provisioningBadge(machine)} />
          </Fact>
        ) : null}
        <Fact label="Addresses">
          <div className="addresses" data-testid="addresses">
            {machine.addresses.map((address) => (
              <CopyText key={address} text={address} what="address" />
            ))}
            {machine.addresses.length === 0 ? <span className="muted">None known</span> : null}
          </div>
        </Fact>
        <Fact label="Resources">
          {formatCpus(machine.vcpus)} · {formatBytes(machine.memoryBytes)}
        </Fact>
        {machine.origin === 'berth' ? (
          <Fact label="Network filter">
            <a href={href.filter('machine', machine.id)}>what it may reach</a>
          </Fact>
        ) : null}
        {template ? <Fact label="Template">{template}</Fact> : null}
        {machine.createdAt === null ? null : (
          <Fact label="Created">
            {formatDate(machine.createdAt)}
            {recorded && machine.creationId !== null ? (
              <>
                {' · '}
                <a href={href.creation(machine.creationId)}>how it went</a>
              </>
            ) : null}
          </Fact>
        )}
        <Fact label="libvirt">
          <CopyText text={machine.domainName} what="domain name" />
        </Fact>
      </dl>
      <Notes machine={machine} />
    </section>
  );
}
