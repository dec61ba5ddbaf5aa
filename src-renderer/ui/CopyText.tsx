import { useClipboard } from '@mantine/hooks';
import { IconCheck, IconCopy } from '@tabler/icons-react';

/** A short text that a click copies. */
export function CopyText({ text, what }: { text: string; what: string }) {
  const clipboard = useClipboard({ timeout: 1500 });
  return (
    <button
      type="button"
      className="copy"
      aria-label={clipboard.copied ? `${what} copied` : `Copy ${what} ${text}`}
      onClick={(event) => {
        event.stopPropagation();
        clipboard.copy(text);
      }}
    >
      <span className="ellipsis">{text}</span>
      {clipboard.copied ? <IconCheck size={13} /> : <IconCopy size={13} />}
    </button>
  );
}
