import { Button } from '@mantine/core';
import { useClipboard } from '@mantine/hooks';
import { IconCheck, IconCopy } from '@tabler/icons-react';

/** Read-only text such as domain XML, to be scrolled by keyboard and copied whole. */
export function CodeBlock({ text, label }: { text: string; label: string }) {
  const clipboard = useClipboard({ timeout: 1500 });
  return (
    <div className="code-block">
      <section
        className="code-scroll"
        aria-label={label}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrollable region has to be reachable by keyboard
        tabIndex={0}
      >
        <pre>{text}</pre>
      </section>
      <Button
        size="compact-xs"
        variant="default"
        leftSection={clipboard.copied ? <IconCheck size={13} /> : <IconCopy size={13} />}
        onClick={() => clipboard.copy(text)}
      >
        {clipboard.copied ? 'Copied' : 'Copy'}
      </Button>
    </div>
  );
}
