import { readFileSync } from 'node:fs';
import { type FirstBootTask, variableName } from '../../core/domain/first-boot.ts';
import { BerthError } from '../../core/errors.ts';

/** What a message of the progress port can show without escapes. */
const UNSAFE = /[^A-Za-z0-9 ._+()-]/g;
const MESSAGE_MAX = 60;

/**
 * A POSIX shell script that runs the tasks in order. `runner` = the text of resources/guest/first-boot.
 * Commands and values are quoted as a whole: nothing in them is read by the script itself.
 */
export function buildFirstBootScript(runner: string, tasks: readonly FirstBootTask[]): string {
  return [runner.trimEnd(), ...tasks.flatMap(taskLines), ''].join('\n');
}

/** Throws BerthError `guest_files_missing`. */
export function readRunner(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw new BerthError('guest_files_missing', `${path} of Berth is missing.`, {
      hint: 'The installation is not complete.',
      cause: error,
    });
  }
}

function taskLines({ name, timeoutSeconds, parameters, commands }: FirstBootTask): string[] {
  const message = taskMessage(name);
  const variables = Object.entries(parameters).map(
    ([key, value]) => `export ${variableName(key)}=${quote(value)}`,
  );
  return [
    '',
    `task ${quote(message)} ${timeoutSeconds}`,
    ...variables.map((line) => `param ${quote(line)}`),
    ...Object.entries(commands).map(([family, command]) => `on ${family} ${quote(command)}`),
    'run',
  ];
}

/** A task's name as the runners report it. */
export const taskMessage = (name: string): string =>
  name.replaceAll(UNSAFE, '_').slice(0, MESSAGE_MAX);

const quote = (text: string): string => `'${text.replaceAll('\0', '').replaceAll("'", `'\\''`)}'`;
