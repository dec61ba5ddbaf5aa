import { IconTrash } from '@tabler/icons-react';
import { ConfirmButton } from '../../ui/ConfirmButton.tsx';

type Props = { name: string; onConfirm: () => Promise<void> };

/** Deletes one of a list of cards, once a person has confirmed it. */
export function DeleteButton({ name, onConfirm }: Props) {
  return (
    <ConfirmButton
      label="Delete"
      accessibleLabel={`Delete ${name}`}
      size="xs"
      icon={<IconTrash size={14} />}
      question={`Delete ${name}?`}
      confirmLabel="Delete"
      keepLabel="Keep"
      onConfirm={onConfirm}
    />
  );
}
