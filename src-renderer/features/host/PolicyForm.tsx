import { Button, NumberInput, SegmentedControl } from '@mantine/core';
import { useEffect, useId, useState } from 'react';
import type { ErrorData } from '../../../src-contract/model/error.ts';
import type { Policies } from '../../../src-contract/model/policies.ts';
import { readPolicies, setPolicies } from '../../bridge/commands.ts';
import { whyNot } from '../../store/roles.ts';
import { useBerth } from '../../store/use-berth.ts';
import { ErrorPanel } from '../../ui/ErrorPanel.tsx';
import { formatBytes } from '../../ui/format.ts';
import { notifyDone } from '../../ui/notify.ts';

const COUNTS = [
  { value: 'running', label: 'that run' },
  { value: 'defined', label: 'that exist' },
] as const satisfies readonly { value: Policies['memoryCounts']; label: string }[];

type FieldProps = {
  draft: Policies;
  disabled: boolean;
  patch: (part: Partial<Policies>) => void;
};

function NumberFields({
  draft,
  disabled,
  patch,
  memoryBytes,
}: FieldProps & { memoryBytes: number }) {
  const { creationSlots, memoryOvercommit } = draft;
  return (
    <>
      <NumberInput
        label="Creations at once"
        description="Others wait in the queue"
        min={1}
        max={64}
        clampBehavior="strict"
        allowDecimal={false}
        disabled={disabled}
        value={creationSlots}
        onChange={(value) => {
          if (typeof value === 'number' && value >= 1) patch({ creationSlots: value });
        }}
        data-testid="creation-slots"
      />
      <NumberInput
        label="Memory of all machines"
        description={`Times the host’s: ${formatBytes(memoryOvercommit * memoryBytes)}`}
        min={0.1}
        max={16}
        step={0.1}
        decimalScale={2}
        suffix=" ×"
        disabled={disabled}
        value={memoryOvercommit}
        onChange={(value) => {
          if (typeof value === 'number' && value >= 0.1) patch({ memoryOvercommit: value });
        }}
        data-testid="memory-overcommit"
      />
    </>
  );
}

function CountsField({ draft, disabled, patch }: FieldProps) {
  const id = useId();
  return (
    <div className="policy-counts">
      <span id={id}>Counts memory of machines</span>
      <SegmentedControl<Policies['memoryCounts']>
        aria-labelledby={id}
        disabled={disabled}
        value={draft.memoryCounts}
        data={COUNTS.map((item) => ({ ...item }))}
        onChange={(memoryCounts) => patch({ memoryCounts })}
      />
    </div>
  );
}

function usePolicies() {
  const [saved, setSaved] = useState<Policies | null>(null);
  const [draft, setDraft] = useState<Policies | null>(null);
  const [error, setError] = useState<ErrorData | null>(null);
  const take = (policies: Policies) => {
    setSaved(policies);
    setDraft(policies);
  };
  useEffect(() => {
    let gone = false;
    void readPolicies().then((answer) => {
      if (gone) return;
      if (answer.ok) {
        setSaved(answer.value);
        setDraft(answer.value);
      } else setError(answer.error);
    });
    return () => {
      gone = true;
    };
  }, []);
  const save = async () => {
    if (draft === null) return;
    const answer = await setPolicies(draft);
    setError(answer.ok ? null : answer.error);
    if (!answer.ok) return;
    take(answer.value);
    notifyDone('The rules are saved', 'They hold for every creation from now on.');
  };
  return { saved, draft, error, setDraft, save };
}

/** Rules of this host for all creations; who may not change them sees them with the reason. */
export function PolicyForm({ memoryBytes }: { memoryBytes: number }) {
  const { saved, draft, error, setDraft, save } = usePolicies();
  const reason = useBerth((state) => whyNot(state, 'policies.set'));
  const [busy, setBusy] = useState(false);
  if (draft === null) return error === null ? null : <ErrorPanel {...error} fix={undefined} />;
  const changed = JSON.stringify(draft) !== JSON.stringify(saved);
  const disabled = reason !== null;
  const patch = (part: Partial<Policies>) => setDraft({ ...draft, ...part });
  const submit = async () => {
    setBusy(true);
    await save();
    setBusy(false);
  };
  return (
    <form
      className="card card-pad stack"
      aria-label="Rules for creations"
      data-testid="policies"
      onSubmit={(event) => {
        event.preventDefault();
        if (changed) void submit();
      }}
    >
      <h2 className="card-title">Rules for creations</h2>
      <div className="policy-fields">
        <NumberFields {...{ draft, disabled, patch, memoryBytes }} />
        <CountsField {...{ draft, disabled, patch }} />
      </div>
      {error ? <ErrorPanel {...error} fix={undefined} /> : null}
      {disabled ? (
        <p className="muted">{reason}</p>
      ) : (
        <div className="row">
          <Button type="submit" loading={busy} disabled={!changed}>
            Save
          </Button>
          <Button variant="default" disabled={!changed || busy} onClick={() => setDraft(saved)}>
            Discard changes
          </Button>
        </div>
      )}
    </form>
  );
}
