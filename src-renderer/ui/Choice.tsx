import { Select } from '@mantine/core';
import type { ReactNode } from 'react';

type Props<T extends string> = {
  label: string;
  value: T;
  items: readonly { value: T; label: string }[];
  error?: ReactNode;
  onChange: (value: T) => void;
};

/** One of a few; there is always one. */
export function Choice<T extends string>({ label, value, items, error, onChange }: Props<T>) {
  return (
    <Select
      label={label}
      allowDeselect={false}
      value={value}
      data={items.map((item) => ({ ...item }))}
      error={error}
      onChange={(text) => {
        const chosen = items.find((item) => item.value === text);
        if (chosen) onChange(chosen.value);
      }}
    />
  );
}
