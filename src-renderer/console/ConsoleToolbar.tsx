import { ActionIcon, Button, Menu, Tooltip } from '@mantine/core';
import {
  IconArrowsMaximize,
  IconArrowsMinimize,
  IconAspectRatio,
  IconExternalLink,
  IconKeyboard,
} from '@tabler/icons-react';
import { useState } from 'react';
import { runAction, setFullscreen } from '../bridge/commands.ts';
import { report } from '../ui/notify.ts';
import { type Chord, CTRL_ALT_DELETE, CTRL_ALT_F, sendChord } from './keys.ts';

type Props = {
  machineId: string;
  name: string;
  /** The guest's picture; null while there is none. */
  canvas: HTMLCanvasElement | null;
  grabbed: boolean;
  fit: boolean;
  onFit: (fit: boolean) => void;
};

function KeyMenu({ canvas }: { canvas: HTMLCanvasElement | null }) {
  const send = (chord: Chord) => {
    if (!canvas) return;
    sendChord(canvas, chord);
    canvas.focus({ preventScroll: true });
  };
  return (
    <Menu returnFocus={false}>
      <Menu.Target>
        <Button
          size="compact-sm"
          variant="default"
          leftSection={<IconKeyboard size={16} />}
          disabled={!canvas}
        >
          Send keys
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item onClick={() => send(CTRL_ALT_DELETE)}>{CTRL_ALT_DELETE.label}</Menu.Item>
        <Menu.Divider />
        {CTRL_ALT_F.map((chord) => (
          <Menu.Item key={chord.label} onClick={() => send(chord)}>
            {chord.label}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}

function FullscreenButton() {
  const [full, setFull] = useState(false);
  const label = full ? 'Leave full screen' : 'Full screen';
  const toggle = async () => {
    if (report(await setFullscreen(!full), 'Full screen did not work')) setFull(!full);
  };
  return (
    <Tooltip label={label}>
      <ActionIcon variant="subtle" color="gray" aria-label={label} onClick={toggle}>
        {full ? <IconArrowsMinimize size={17} /> : <IconArrowsMaximize size={17} />}
      </ActionIcon>
    </Tooltip>
  );
}

export function ConsoleToolbar({ machineId, name, canvas, grabbed, fit, onFit }: Props) {
  const hint = grabbed ? 'Keys go to the guest' : 'Click the screen to type';
  const openViewer = async () =>
    void report(await runAction(machineId, 'viewer'), 'The viewer could not be opened');
  return (
    <header className="console-bar">
      <strong className="ellipsis">{name}</strong>
      <span className="console-hint" role="status">
        {canvas ? hint : ''}
      </span>
      <KeyMenu canvas={canvas} />
      <Tooltip label={fit ? 'Show at its own size' : 'Fit to the window'}>
        <ActionIcon
          variant={fit ? 'default' : 'subtle'}
          color="gray"
          aria-label="Fit to the window"
          aria-pressed={fit}
          onClick={() => onFit(!fit)}
        >
          <IconAspectRatio size={17} />
        </ActionIcon>
      </Tooltip>
      <Tooltip label="Open in viewer">
        <ActionIcon variant="subtle" color="gray" aria-label="Open in viewer" onClick={openViewer}>
          <IconExternalLink size={17} />
        </ActionIcon>
      </Tooltip>
      <FullscreenButton />
    </header>
  );
}
