import type { ReactNode } from 'react';
import { FindingRow, type FixOffer } from './FindingRow.tsx';

type Props = {
  message: string;
  cause?: string | undefined;
  hint?: string | undefined;
  fix?: FixOffer | undefined;
  children?: ReactNode;
};

/** A failure with what can be done about it, and what the layer below said, word for word. */
export function ErrorPanel({ message, cause, hint, fix, children }: Props) {
  return (
    <div role="alert" data-testid="error">
      <FindingRow severity="error" message={message} hint={hint} fix={fix}>
        {cause ? <pre className="cause">{cause}</pre> : null}
        {children}
      </FindingRow>
    </div>
  );
}
