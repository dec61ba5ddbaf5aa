import { Button } from '@mantine/core';
import type { Machine } from '../../../src-contract/model/machine.ts';
import { ACTION_LABEL, machineActions, primaryAction } from '../../store/machine-actions.ts';
import { ActionIconFor } from '../../ui/ActionIconFor.tsx';
import { ActionMenu } from '../../ui/ActionMenu.tsx';
import { act } from './act.ts';

export function MachineActions({ machine }: { machine: Machine }) {
  const actions = machineActions(machine);
  const primary = primaryAction(machine);
  const stop = actions.find((action) => action === 'stop' || action === 'kill');
  return (
    <>
      {primary ? (
        <Button
          leftSection={<ActionIconFor action={primary} />}
          onClick={() => void act(machine, primary)}
          data-action={primary}
        >
          {ACTION_LABEL[primary]}
        </Button>
      ) : null}
      {stop && stop !== primary ? (
        <Button
          variant="default"
          leftSection={<ActionIconFor action={stop} />}
          onClick={() => void act(machine, stop)}
          data-action={stop}
        >
          {ACTION_LABEL[stop]}
        </Button>
      ) : null}
      <ActionMenu
        label={`More for ${machine.name}`}
        actions={actions
          .filter((action) => action !== primary && action !== stop)
          .map((action) => ({
            key: action,
            label: ACTION_LABEL[action],
            icon: <ActionIconFor action={action} />,
            danger: action === 'delete',
            run: () => void act(machine, action),
          }))}
      />
    </>
  );
}
