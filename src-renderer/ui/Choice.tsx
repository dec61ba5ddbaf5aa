import { Select } from '@mantine/core';

type Props<T extends string> = {
  label: string;
  value: T;
  items: readonly { value: T; label: string }[];
  onChange: (value: T) => void;
};

/** One of a few; there is always one. */
export function Choice<T extends string>({ label, value, items, onChange }: Props<T>) {
  return (
    <Select
      label={label}
      allowDeselect={false}
      value={value}
      data={items.map((item) => ({ ...item }))}
      onChange={(text) => {
        const chosen = items.find((item) => item.value === text);
        if (chosen) onChange(chosen.value);
      }}
    />
  );
}
