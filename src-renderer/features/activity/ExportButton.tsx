import { Button } from '@mantine/core';
import { useClipboard } from '@mantine/hooks';
import { IconCheck, IconCopy } from '@tabler/icons-react';

/** Puts what is shown into the clipboard, as JSON. */
export function ExportButton({ value, what }: { value: unknown; what: string }) {
  const clipboard = useClipboard({ timeout: 1500 });
  return (
    <Button
      variant="default"
      size="xs"
      leftSection={clipboard.copied ? <IconCheck size={14} /> : <IconCopy size={14} />}
      onClick={() => clipboard.copy(JSON.stringify(value, null, 2))}
    >
      {clipboard.copied ? 'Copied' : `Copy ${what} as JSON`}
    </Button>
  );
}
