import { Button, TextInput } from '@mantine/core';
import { useState } from 'react';

type Props = { onAdd: (path: string) => Promise<boolean> };

/** For people who have the path at hand, and for tests. */
export function PathForm({ onAdd }: Props) {
  const [path, setPath] = useState('');
  const [busy, setBusy] = useState(false);
  const submit = async () => {
    setBusy(true);
    if (await onAdd(path.trim())) setPath('');
    setBusy(false);
  };
  return (
    <form
      className="card path-form"
      onSubmit={(event) => {
        event.preventDefault();
        void submit();
      }}
    >
      <TextInput
        aria-label="Path of the image"
        placeholder="/home/ada/Downloads/debian-12-generic-amd64.qcow2"
        value={path}
        spellCheck={false}
        onChange={(event) => setPath(event.currentTarget.value)}
        data-testid="media-path"
      />
      <Button type="submit" loading={busy} disabled={path.trim() === ''}>
        Add
      </Button>
    </form>
  );
}
