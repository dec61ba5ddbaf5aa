import { Button } from '@mantine/core';
import { useState } from 'react';
import type { ErrorData } from '../../../src-contract/model/error.ts';
import type { Orphan, ReconcileReport } from '../../../src-contract/model/lifecycle.ts';
import { removeOrphans, scanOrphans } from '../../bridge/commands.ts';
import { ConfirmButton } from '../../ui/ConfirmButton.tsx';
import { ErrorPanel } from '../../ui/ErrorPanel.tsx';
import { FindingRow } from '../../ui/FindingRow.tsx';

function useOrphans() {
  const [found, setFound] = useState<ReconcileReport | null>(null);
  const [error, setError] = useState<ErrorData | null>(null);
  const [busy, setBusy] = useState(false);
  const [left, setLeft] = useState<readonly string[]>([]);
  const scan = async () => {
    setBusy(true);
    const answer = await scanOrphans();
    setBusy(false);
    setError(answer.ok ? null : answer.error);
    if (answer.ok) setFound(answer.value);
  };
  const remove = async (id: string) => {
    const answer = await removeOrphans([id]);
    setError(answer.ok ? null : answer.error);
    if (answer.ok) {
      setLeft(answer.value.flatMap(({ removed, detail }) => (removed ? [] : [detail])));
    }
    await scan();
  };
  return { found, error, busy, left, scan, remove };
}

function Row({ orphan, onRemove }: { orphan: Orphan; onRemove: () => Promise<void> }) {
  const { kind, name, where, origin, removes, kept } = orphan;
  return (
    <li className="check" data-testid="orphan">
      <div className="selectable">
        <div className="check-title">
          {kind} <code>{name}</code>
        </div>
        <div className="check-detail">
          In {where}. {origin}
        </div>
        {kept === undefined ? (
          <div className="finding-actions">
            <ConfirmButton
              label="Remove"
              question={`Remove ${removes.join(', ')}?`}
              confirmLabel="Remove for good"
              keepLabel="Keep it"
              onConfirm={onRemove}
            />
          </div>
        ) : (
          <div>It stays: {kept}</div>
        )}
      </div>
    </li>
  );
}

/** What libvirt, the pools and the database do not agree on. */
export function Orphans() {
  const { found, error, busy, left, scan, remove } = useOrphans();
  return (
    <section className="card card-pad stack" aria-label="Things without an owner" aria-busy={busy}>
      <div className="row leftovers-head">
        <div>
          <h2 className="card-title">Leftovers</h2>
          <p className="muted">What libvirt, the storage pools and the database do not agree on</p>
        </div>
        <Button variant="default" loading={busy} onClick={() => void scan()}>
          Look for leftovers
        </Button>
      </div>
      {error ? <ErrorPanel {...error} fix={undefined} /> : null}
      {left.map((detail) => (
        <FindingRow key={detail} severity="warning" message={detail} />
      ))}
      {found?.unseen.map((what) => (
        <FindingRow key={what} severity="warning" message={`Not seen: ${what}`} />
      ))}
      {found?.orphans.length === 0 ? <p className="muted">Everything has an owner.</p> : null}
      {found && found.orphans.length > 0 ? (
        <ul className="checks">
          {found.orphans.map((orphan) => (
            <Row key={orphan.id} orphan={orphan} onRemove={() => remove(orphan.id)} />
          ))}
        </ul>
      ) : null}
    </section>
  );
}
