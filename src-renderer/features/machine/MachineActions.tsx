import { Button } from '@mantine/core';
import { lazy, Suspense, useState } from 'react';
import type { Machine } from '../../../src-contract/model/machine.ts';
import type { CommandName } from '../../../src-contract/model/permissions.ts';
import { ACTION_LABEL, allowedActions, primaryAction } from '../../store/machine-actions.ts';
import { may } from '../../store/roles.ts';
import { useBerthShallow } from '../../store/use-berth.ts';
import { ActionIconFor } from '../../ui/ActionIconFor.tsx';
import { ActionMenu } from '../../ui/ActionMenu.tsx';
import { act } from './act.ts';

const changes = () => import('./ChangeDialogs.tsx');
const RenameDialog = lazy(() => changes().then((m) => ({ default: m.RenameDialog })));
const ResizeDialog = lazy(() => changes().then((m) => ({ default: m.ResizeDialog })));
const CaptureDialog = lazy(() => changes().then((m) => ({ default: m.CaptureDialog })));
const ForgetDialog = lazy(() => changes().then((m) => ({ default: m.ForgetDialog })));
const AdoptDialog = lazy(() =>
  import('./AdoptDialog.tsx').then((m) => ({ default: m.AdoptDialog })),
);

type Asked = 'rename' | 'resize' | 'capture' | 'forget' | 'adopt';

const DIALOGS = {
  rename: RenameDialog,
  resize: ResizeDialog,
  capture: CaptureDialog,
  forget: ForgetDialog,
  adopt: AdoptDialog,
} as const;

const ASK_LABEL: Record<Asked, string> = {
  rename: 'Rename…',
  resize: 'Resize…',
  capture: 'Save as image…',
  forget: 'Give back…',
  adopt: 'Adopt…',
};

const ASK_COMMAND: Record<Asked, CommandName> = {
  rename: 'machines.rename',
  resize: 'machines.resize',
  capture: 'media.capture',
  forget: 'machines.forget',
  adopt: 'machines.adopt',
};

/** What asks for more before it is done. */
const askable = ({ origin }: Machine): readonly Asked[] =>
  origin === 'berth' ? ['rename', 'resize', 'capture', 'forget'] : ['adopt'];

export function MachineActions({ machine }: { machine: Machine }) {
  const actions = useBerthShallow((state) => allowedActions(state, machine));
  const questions = useBerthShallow((state) =>
    askable(machine).filter((key) => may(state, ASK_COMMAND[key], machine.departmentId)),
  );
  const primary = primaryAction(actions);
  const [asked, setAsked] = useState<Asked | null>(null);
  const Dialog = asked === null ? null : DIALOGS[asked];
  const stop = actions.find((action) => action === 'stop' || action === 'kill');
  const items = actions
    .filter((action) => action !== primary && action !== stop)
    .map((action) => ({
      key: action,
      label: ACTION_LABEL[action],
      icon: <ActionIconFor action={action} />,
      danger: action === 'delete',
      run: () => void act(machine, action),
    }));
  const menu = [
    ...items.filter(({ key }) => key !== 'delete'),
    ...questions.map((key) => ({
      key,
      label: ASK_LABEL[key],
      icon: <ActionIconFor action={key} />,
      run: () => setAsked(key),
    })),
    ...items.filter(({ key }) => key === 'delete'),
  ];
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
      {menu.length === 0 ? null : <ActionMenu label={`More for ${machine.name}`} actions={menu} />}
      {Dialog === null ? null : (
        <Suspense fallback={null}>
          <Dialog machine={machine} onClose={() => setAsked(null)} />
        </Suspense>
      )}
    </>
  );
}
