import { Button, Modal } from '@mantine/core';
import { type ReactNode, useState } from 'react';
import type { ErrorData } from '../../../src-contract/model/error.ts';
import { ErrorPanel } from '../../ui/ErrorPanel.tsx';
import { useReturnFocus } from '../../ui/use-return-focus.ts';

type Answer = { ok: true } | { ok: false; error: ErrorData };

type Props = {
  title: string;
  confirmLabel: string;
  danger?: boolean;
  children: ReactNode;
  /** Null = there is nothing to be done yet. */
  confirm: (() => Promise<Answer>) | null;
  onClose: () => void;
};

/** A dialog that stays, with the reason, when what it asks for fails. */
export function AskDialog({ title, confirmLabel, danger, children, confirm, onClose }: Props) {
  useReturnFocus();
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<ErrorData | null>(null);
  const submit = async () => {
    if (confirm === null) return;
    setBusy(true);
    const answer = await confirm();
    setBusy(false);
    if (answer.ok) onClose();
    else setFailure(answer.error);
  };
  return (
    <Modal
      opened
      onClose={onClose}
      title={title}
      closeButtonProps={{ 'aria-label': 'Close' }}
      data-testid="ask-dialog"
    >
      <form
        className="stack"
        onSubmit={(event) => {
          event.preventDefault();
          void submit();
        }}
      >
        {children}
        {failure ? <ErrorPanel {...failure} fix={undefined} /> : null}
        <div className="row dialog-actions">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button
            type="submit"
            loading={busy}
            disabled={confirm === null}
            {...(danger ? { color: 'red' } : {})}
          >
            {confirmLabel}
          </Button>
        </div>
      </form>
    </Modal>
  );
}
