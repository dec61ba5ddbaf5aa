import type { Machine } from '../../src-contract/model/machine.ts';

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

/** The one action that a row offers as a button. */
export const primaryAction = (machine: Machine): MachineAction | null =>
  machineActions(machine).find((action) => action !== 'delete' && action !== 'kill') ?? null;
