import { type FirstBootTask, variableName } from '../../../core/domain/first-boot.ts';
import { taskMessage } from '../first-boot.ts';
import { buildIso9660 } from '../iso9660.ts';
import { autounattend, RUNNER_FILE } from './autounattend.ts';
import { windowsTimeZone } from './time-zones.ts';
import { checkWindowsInput, type WindowsInput } from './windows-input.ts';

export { decodePassword, encodePassword } from './password.ts';

/** Setup looks for no other name. */
const ANSWERS_FILE = 'Autounattend.xml';
const TASKS_FILE = 'tasks.json';
const VOLUME_LABEL = 'BERTH';

type WindowsSeed = {
  /** A small ISO image for a CD-ROM drive. */
  readonly bytes: Uint8Array;
  readonly files: { path: string; content: string }[];
  /** What of the wish could not be had, in sentences. */
  readonly notes: string[];
};

/**
 * The medium that answers Windows Setup and then sets the new system up. `runner` = the text of
 * resources/guest/first-boot.ps1. Throws MediaError `seed_invalid_input`.
 */
export function buildWindowsSeed(
  input: WindowsInput,
  { runner, tasks }: { runner: string; tasks: readonly FirstBootTask[] },
): WindowsSeed {
  checkWindowsInput(input);
  const files = [
    { name: ANSWERS_FILE, content: autounattend(input) },
    { name: RUNNER_FILE, content: runner.replaceAll(/\r?\n/g, '\r\n') },
    { name: TASKS_FILE, content: tasksJson(input.sshKeys, tasks) },
  ];
  return {
    bytes: buildIso9660({ volumeLabel: VOLUME_LABEL, files }),
    files: files.map(({ name, content }) => ({ path: name, content })),
    notes: notesOf(input),
  };
}

/** What the runner reads: data only, so nothing in it can be taken for a part of a script. */
function tasksJson(sshKeys: readonly string[], tasks: readonly FirstBootTask[]): string {
  const list = tasks.map(({ name, timeoutSeconds, parameters, commands }) => ({
    message: taskMessage(name),
    timeoutSeconds,
    command: ('any' in commands ? commands.any : commands.windows) ?? null,
    variables: Object.entries(parameters).map(([key, value]) => ({
      name: variableName(key),
      value,
    })),
  }));
  const keys = sshKeys.map((key) => key.trim());
  return `${JSON.stringify({ sshKeys: keys, tasks: list }, null, 2)}\n`;
}

function notesOf({ region: { timezone } }: WindowsInput): string[] {
  if (windowsTimeZone(timezone) !== null) return [];
  return [`Windows has no time zone that is known to be ${timezone}: the machine gets UTC.`];
}
