import { Button } from '@mantine/core';
import { type ReactNode, useState } from 'react';

type Props = {
  label: string;
  question: string;
  confirmLabel: string;
  keepLabel?: string;
  icon?: ReactNode;
  onConfirm: () => Promise<void> | void;
};

/** Asks in place, without a dialog; for acts that can be undone or that undo something. */
export function ConfirmButton(props: Props) {
  const [asking, setAsking] = useState(false);
  const [busy, setBusy] = useState(false);
  if (!asking) {
    return (
      <Button variant="default" leftSection={props.icon} onClick={() => setAsking(true)}>
        {props.label}
      </Button>
    );
  }
  const confirm = async () => {
    setBusy(true);
    await props.onConfirm();
    setBusy(false);
    setAsking(false);
  };
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset would bring a form's look and meaning
    <div className="row" role="group" aria-label={props.question}>
      <span className="ellipsis">{props.question}</span>
      <Button color="red" loading={busy} onClick={confirm} autoFocus>
        {props.confirmLabel}
      </Button>
      <Button variant="default" onClick={() => setAsking(false)}>
        {props.keepLabel ?? 'Keep going'}
      </Button>
    </div>
  );
}
