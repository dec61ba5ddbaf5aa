import type { Machine } from '../../../src-contract/model/machine.ts';
import { powerBadge, provisioningBadge } from '../../store/labels.ts';
import { ROLE_NAMES, whyNot } from '../../store/roles.ts';
import { useBerth } from '../../store/use-berth.ts';
import { CopyText } from '../../ui/CopyText.tsx';
import { FindingRow } from '../../ui/FindingRow.tsx';
import { formatBytes, formatCpus, formatDate } from '../../ui/format.ts';
import { href } from '../../ui/navigation.ts';
import { StateBadge } from '../../ui/StateBadge.tsx';
import { Fact } from './Fact.tsx';
import { GpuFact } from './GpuFact.tsx';

/** Codes of notes that have a line of their own. */
const PLACEMENT = ['cpu_policy', 'hugepages', 'hugepages_unavailable'];

/** Where on the host it is, and why there; nothing where nobody asked for a place. */
function PlacementFact({ machine }: { machine: Machine }) {
  const placed = machine.notes.filter(({ code }) => PLACEMENT.includes(code));
  if (placed.length === 0) return null;
  return (
    <Fact label="Placement">
      {placed.map(({ code, message, hint }) => (
        <div key={code} className="selectable" data-testid="placement">
          {message} {hint ? <span className="muted">{hint}</span> : null}
        </div>
      ))}
    </Fact>
  );
}

function DepartmentFact({ machine }: { machine: Machine }) {
  const department = useBerth(({ departments }) => departments.get(machine.departmentId));
  if (department === undefined) return null;
  return (
    <Fact label="Department">
      {department.name} <span className="muted">· you are {ROLE_NAMES[department.ownRole]}</span>
    </Fact>
  );
}

function Notes({ machine }: { machine: Machine }) {
  const onlyLook = useBerth((state) => whyNot(state, 'machines.start', machine.departmentId));
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
      {machine.notes
        .filter(({ code }) => !PLACEMENT.includes(code))
        .map((note) => (
          <FindingRow key={note.code} {...note} fix={undefined} />
        ))}
      {onlyLook === null ? null : (
        <FindingRow
          severity="info"
          message="You can look at this machine, and not change it"
          hint={onlyLook}
        />
      )}
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
        <PlacementFact machine={machine} />
        <GpuFact machine={machine} />
        <DepartmentFact machine={machine} />
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
