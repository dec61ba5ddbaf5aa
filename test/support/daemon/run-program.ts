import { execFile } from 'node:child_process';

export type ProgramResult = {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
};

/** Runs a program to its end; a failure is an answer, not an exception. */
export function runProgram(
  command: string,
  args: readonly string[],
  timeoutMs = 30_000,
): Promise<ProgramResult> {
  return new Promise((resolve) => {
    const options = { encoding: 'utf8', timeout: timeoutMs, maxBuffer: 64 * 1024 * 1024 } as const;
    execFile(command, [...args], options, (error, stdout, stderr) => {
      const code = error === null ? 0 : typeof error.code === 'number' ? error.code : -1;
      resolve({ code, stdout, stderr: code === -1 ? `${stderr}${error?.message}` : stderr });
    });
  });
}
