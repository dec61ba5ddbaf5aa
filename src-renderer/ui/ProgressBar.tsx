type Props = {
  /** 0..1; null = under way, nobody knows how far. */
  value: number | null;
  label: string;
  tone?: 'bad' | 'warn';
};

export function ProgressBar({ value, label, tone }: Props) {
  const known = value === null ? {} : { 'aria-valuenow': Math.round(value * 100) };
  return (
    <div
      className="bar"
      role="progressbar"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={100}
      data-tone={tone}
      data-indeterminate={value === null ? '' : undefined}
      {...known}
    >
      <i style={value === null ? undefined : { transform: `scaleX(${value})` }} />
    </div>
  );
}
