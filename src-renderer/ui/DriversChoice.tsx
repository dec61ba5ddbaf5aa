import type { ReactNode } from 'react';
import { Choice } from './Choice.tsx';

const NEWEST = '-';
const NONE = 'none';

type Props = {
  /** Media with virtio drivers. */
  media: readonly { id: string; name: string }[];
  /** Id of a medium, or `none`; undefined = the newest. */
  value: string | undefined;
  error?: ReactNode;
  onChange: (value: string | undefined) => void;
};

/** The drivers without which Windows sees no virtio disk. */
export function DriversChoice({ media, value = NEWEST, error, onChange }: Props) {
  const items = [
    { value: NEWEST, label: 'The newest medium of the library' },
    ...media.map(({ id, name }) => ({ value: id, label: name })),
    { value: NONE, label: 'None: SATA and e1000e' },
  ];
  const known = items.some((item) => item.value === value);
  return (
    <Choice
      label="Virtio drivers"
      value={value}
      items={known ? items : [...items, { value, label: 'A medium that is not here' }]}
      error={error}
      onChange={(id) => onChange(id === NEWEST ? undefined : id)}
    />
  );
}
