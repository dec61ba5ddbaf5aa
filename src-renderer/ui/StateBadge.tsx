export type BadgeTone = 'good' | 'busy' | 'warn' | 'bad' | 'quiet';

/** A state as a quiet pill; the word carries the meaning, the colour only helps. */
export function StateBadge({ tone, label }: { tone: BadgeTone; label: string }) {
  return (
    <span className="badge" data-tone={tone} data-testid="state">
      {label}
    </span>
  );
}
