import type { ReactNode } from 'react';

type Props = {
  title: string;
  summary: ReactNode;
  open: boolean;
  onToggle: (open: boolean) => void;
  testId: string;
};

/** A section of a form as one line, which opens into its fields. */
export function FoldedLine({ title, summary, open, onToggle, testId }: Props) {
  return (
    <button
      type="button"
      className="folded-line"
      aria-expanded={open}
      onClick={() => onToggle(!open)}
      data-testid={testId}
    >
      <span className="card-title">{title}</span>
      <span className="folded-summary muted tabular">{summary}</span>
      <span className="link">{open ? 'Close' : 'Change'}</span>
    </button>
  );
}
