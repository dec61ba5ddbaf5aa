import { Button } from '@mantine/core';
import { type ReactNode, useRef, useState } from 'react';

type Props = {
  label: string;
  /** Where the label alone does not say what it is about. */
  accessibleLabel?: string;
  size?: 'xs' | 'sm';
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
  const { size = 'sm' } = props;
  // Whoever keeps the thing finds the focus where it was.
  const answered = useRef(false);
  if (!asking) {
    return (
      <Button
        size={size}
        variant="default"
        leftSection={props.icon}
        aria-label={props.accessibleLabel}
        autoFocus={answered.current}
        onClick={() => setAsking(true)}
      >
        {props.label}
      </Button>
    );
  }
  const close = () => {
    answered.current = true;
    setAsking(false);
  };
  const confirm = async () => {
    setBusy(true);
    await props.onConfirm();
    setBusy(false);
    close();
  };
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset would bring a form's look and meaning
    <div
      className="row"
      role="group"
      aria-label={props.question}
      onKeyDown={(event) => {
        if (event.key === 'Escape' && !busy) close();
      }}
    >
      <span className="ellipsis">{props.question}</span>
      <Button size={size} color="red" loading={busy} onClick={confirm} autoFocus>
        {props.confirmLabel}
      </Button>
      <Button size={size} variant="default" onClick={close}>
        {props.keepLabel ?? 'Keep going'}
      </Button>
    </div>
  );
}
