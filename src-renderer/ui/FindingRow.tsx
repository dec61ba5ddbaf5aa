import { Button } from '@mantine/core';
import { useClipboard } from '@mantine/hooks';
import { IconAlertTriangle, IconCircleX, IconInfoCircle } from '@tabler/icons-react';
import { type ReactNode, useState } from 'react';

/** A remedy as this row needs to know it; `command` is for the person's own terminal. */
export type FixOffer = { label: string; command?: string; run?: () => Promise<void> | void };

type Props = {
  severity: 'error' | 'warning' | 'info';
  message: string;
  hint?: string | undefined;
  fix?: FixOffer | undefined;
  code?: string;
  children?: ReactNode;
};

const ICON = { error: IconCircleX, warning: IconAlertTriangle, info: IconInfoCircle };
const WORD = { error: 'Problem', warning: 'Warning', info: 'Note' };

export function FixButton({ fix }: { fix: FixOffer }) {
  const [busy, setBusy] = useState(false);
  const clipboard = useClipboard({ timeout: 1500 });
  const { command, run } = fix;
  if (command !== undefined) {
    return (
      <>
        <code className="finding-command">{command}</code>
        <Button size="compact-xs" variant="default" onClick={() => clipboard.copy(command)}>
          {clipboard.copied ? 'Copied' : fix.label}
        </Button>
      </>
    );
  }
  const onClick = async () => {
    setBusy(true);
    await run?.();
    setBusy(false);
  };
  return (
    <Button size="compact-xs" variant="default" loading={busy} onClick={onClick} data-testid="fix">
      {fix.label}
    </Button>
  );
}

export function FindingRow({ severity, message, hint, fix, code, children }: Props) {
  const Icon = ICON[severity];
  return (
    <div className="finding" data-severity={severity} data-code={code} data-testid="finding">
      <Icon className="finding-icon" size={17} role="img" aria-label={WORD[severity]} />
      <div className="finding-text">
        <div className="finding-message selectable">{message}</div>
        {hint ? <div className="finding-hint selectable">{hint}</div> : null}
        {children}
        {fix ? (
          <div className="finding-actions">
            <FixButton fix={fix} />
          </div>
        ) : null}
      </div>
    </div>
  );
}
