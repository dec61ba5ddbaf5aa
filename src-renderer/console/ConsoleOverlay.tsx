import { Button, Loader } from '@mantine/core';
import type { ReactNode } from 'react';
import { runAction } from '../bridge/commands.ts';
import { report } from '../ui/notify.ts';
import type { ConsolePhase } from './use-console.ts';

export type OverlayState =
  | Exclude<ConsolePhase, { kind: 'connected' }>
  | { kind: 'none' }
  | { kind: 'off' }
  | { kind: 'gone' }
  | { kind: 'no-display' };

type Props = { state: OverlayState; machineId: string; onReconnect: () => void };

type MessageProps = { title: string; text?: string | undefined; children?: ReactNode };

function Message({ title, text, children }: MessageProps) {
  return (
    <div className="console-message" role="status">
      <h1>{title}</h1>
      {text ? <p className="selectable">{text}</p> : null}
      {children}
    </div>
  );
}

function StartButton({ machineId }: { machineId: string }) {
  const run = async () =>
    void report(await runAction(machineId, 'start'), 'The machine did not start');
  return <Button onClick={run}>Start it</Button>;
}

/** What is said where the guest's picture would be. */
export function ConsoleOverlay({ state, machineId, onReconnect }: Props) {
  switch (state.kind) {
    case 'none':
      return null;
    case 'connecting':
      return (
        <Message title="Connecting…">
          <Loader size="sm" color="gray" />
        </Message>
      );
    case 'off':
      return (
        <Message title="The machine is off">
          <StartButton machineId={machineId} />
        </Message>
      );
    case 'gone':
      return <Message title="This machine is gone" text="You can close this window." />;
    case 'no-display':
      return (
        <Message
          title="No display"
          text="This machine has no graphics. Use its serial console or SSH."
        />
      );
    case 'lost':
      return (
        <Message
          title="The connection was lost"
          text={[state.reason, state.error?.hint, 'Trying again…'].filter(Boolean).join(' ')}
        >
          <Button variant="default" onClick={onReconnect}>
            Reconnect now
          </Button>
        </Message>
      );
  }
}
