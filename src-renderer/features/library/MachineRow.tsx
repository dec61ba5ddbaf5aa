import { memo } from 'react';
import type { Machine } from '../../../src-contract/model/machine.ts';
import { runAction } from '../../bridge/commands.ts';
import { askToDelete } from '../../store/dialogs.ts';
import { machineBadge } from '../../store/labels.ts';
import {
  ACTION_LABEL,
  allowedActions,
  type MachineAction,
  primaryAction,
} from '../../store/machine-actions.ts';
import { useBerth, useBerthShallow } from '../../store/use-berth.ts';
import { ActionIconFor } from '../../ui/ActionIconFor.tsx';
import { ActionMenu } from '../../ui/ActionMenu.tsx';
import { CopyText } from '../../ui/CopyText.tsx';
import { formatBytes, formatCpus } from '../../ui/format.ts';
import { href, navigate } from '../../ui/navigation.ts';
import { report } from '../../ui/notify.ts';
import { OsIcon } from '../../ui/OsIcon.tsx';
import { StateBadge } from '../../ui/StateBadge.tsx';
import type { RowProps } from './row-props.ts';

function act(machine: Machine, action: MachineAction): void {
  if (action === 'delete') {
    askToDelete(machine.id);
    return;
  }
  void runAction(machine.id, action).then((answer) =>
    report(answer, `${ACTION_LABEL[action]}: “${machine.name}”`),
  );
}

type ActionsProps = { machine: Machine; active: boolean };

/** Buttons look like what they do: the console is the usual way in, starting is the accent. */
function RowActions({ machine, active }: ActionsProps) {
  const actions = useBerthShallow((state) => allowedActions(state, machine));
  const primary = primaryAction(actions);
  const rest = actions.filter((action) => action !== primary);
  return (
    <td className="machine-actions">
      {primary ? (
        <button
          type="button"
          className="row-button"
          data-primary={primary === 'start' ? '' : undefined}
          tabIndex={active ? 0 : -1}
          aria-label={`${ACTION_LABEL[primary]}: ${machine.name}`}
          onClick={(event) => {
            event.stopPropagation();
            act(machine, primary);
          }}
        >
          {primary === 'console' ? 'Console' : ACTION_LABEL[primary]}
        </button>
      ) : null}
      <ActionMenu
        label={`More for ${machine.name}`}
        tabIndex={active ? 0 : -1}
        actions={[
          {
            key: 'details',
            label: 'Details',
            icon: <ActionIconFor action="details" />,
            run: () => navigate(href.machine(machine.id)),
          },
          ...rest.map((action) => ({
            key: action,
            label: ACTION_LABEL[action],
            icon: <ActionIconFor action={action} />,
            danger: action === 'delete',
            run: () => act(machine, action),
          })),
        ]}
      />
    </td>
  );
}

/** Draws one machine and nothing else when that machine changes. */
export const MachineRow = memo(function MachineRow({
  id,
  index,
  top,
  active,
  onActivate,
}: RowProps) {
  const machine = useBerth((state) => state.machines.get(id));
  const template = useBerth(
    (state) =>
      state.templates.find((item) => item.id === state.machines.get(id)?.templateId)?.name ?? null,
  );
  if (!machine) return null;
  const badge = machineBadge(machine);
  const address = machine.addresses[0];
  const os = machine.osLabel ?? template ?? 'Unknown system';
  return (
    <tr
      className="machine-row"
      aria-rowindex={index + 1}
      tabIndex={active ? 0 : -1}
      style={{ transform: `translateY(${top}px)` }}
      onFocus={() => onActivate(index)}
      onClick={() => navigate(href.machine(id))}
      data-testid="machine-row"
      data-machine={machine.name}
    >
      <td>
        <OsIcon label={`${os} ${template ?? ''}`} />
      </td>
      <td className="machine-cell">
        <div className="machine-name">
          <span className="ellipsis" title={machine.name}>
            {machine.name}
          </span>
          {machine.origin === 'external' ? (
            <span className="tag" title="Made by another tool; Berth shows it and never deletes it">
              external
            </span>
          ) : null}
        </div>
        <div className="machine-sub ellipsis">{os}</div>
      </td>
      <td className="machine-cell">
        <StateBadge {...badge} />
      </td>
      <td className="machine-cell machine-size muted nowrap tabular">
        {formatCpus(machine.vcpus)} · {formatBytes(machine.memoryBytes)}
      </td>
      <td className="machine-cell machine-address">
        {address ? <CopyText text={address} what="address" tabIndex={active ? 0 : -1} /> : null}
      </td>
      <RowActions machine={machine} active={active} />
    </tr>
  );
});
