import { useClipboard } from '@mantine/hooks';
import { IconCheck, IconCopy } from '@tabler/icons-react';

type Props = {
  text: string;
  what: string;
  /** Shows only so many characters of it; all are copied. */
  short?: number;
  tabIndex?: number;
};

/** A short text that a click copies. */
export function CopyText({ text, what, short, tabIndex = 0 }: Props) {
  const clipboard = useClipboard({ timeout: 1500 });
  const shown = short === undefined ? text : `${text.slice(0, short)}…`;
  return (
    <button
      type="button"
      className="copy"
      tabIndex={tabIndex}
      title={short === undefined ? undefined : text}
      aria-label={clipboard.copied ? `${what} copied` : `Copy ${what} ${shown}`}
      onClick={(event) => {
        event.stopPropagation();
        clipboard.copy(text);
      }}
    >
      <span className="ellipsis">{shown}</span>
      {clipboard.copied ? <IconCheck size={13} /> : <IconCopy size={13} />}
    </button>
  );
}
