import type { Machine } from '../../src-contract/model/machine.ts';
import type { CommandName } from '../../src-contract/model/permissions.ts';
import { may } from './roles.ts';
import type { BerthState } from './state.ts';

export type MachineAction =
  | 'start'
  | 'stop'
  | 'kill'
  | 'reboot'
  | 'pause'
  | 'resume'
  | 'console'
  | 'viewer'
  | 'delete';

export const ACTION_LABEL: Record<MachineAction, string> = {
  start: 'Start',
  stop: 'Shut down',
  kill: 'Force off',
  reboot: 'Restart',
  pause: 'Pause',
  resume: 'Resume',
  console: 'Open console',
  viewer: 'Open in viewer',
  delete: 'Delete…',
};

/** What each action asks main for. */
export const ACTION_COMMAND = {
  start: 'machines.start',
  stop: 'machines.stop',
  kill: 'machines.kill',
  reboot: 'machines.reboot',
  pause: 'machines.pause',
  resume: 'machines.resume',
  console: 'console.open',
  viewer: 'console.viewer',
  delete: 'machines.delete',
} as const satisfies Record<MachineAction, CommandName>;

const BY_POWER: Record<Machine['power'], readonly MachineAction[]> = {
  off: ['start'],
  starting: ['console', 'viewer', 'kill'],
  running: ['console', 'viewer', 'stop', 'reboot', 'pause', 'kill'],
  paused: ['resume', 'console', 'viewer', 'kill'],
  stopping: ['console', 'viewer', 'kill'],
  crashed: ['start', 'kill'],
};

const SCREEN: readonly MachineAction[] = ['console', 'viewer'];

/** What makes sense now, the most likely first. Other tools' machines are never deleted from here. */
export function machineActions(machine: Machine): MachineAction[] {
  const usable = BY_POWER[machine.power].filter(
    (action) => machine.graphics !== 'none' || !SCREEN.includes(action),
  );
  return machine.origin === 'berth' ? [...usable, 'delete'] : [...usable];
}

/** Those of them that the person's role allows. */
export const allowedActions = (
  state: Pick<BerthState, 'departments'>,
  machine: Machine,
): MachineAction[] =>
  machineActions(machine).filter((action) =>
    may(state, ACTION_COMMAND[action], machine.departmentId),
  );

/** The one action of these that a row offers as a button. */
export const primaryAction = (actions: readonly MachineAction[]): MachineAction | null =>
  actions.find((action) => action !== 'delete' && action !== 'kill') ?? null;
