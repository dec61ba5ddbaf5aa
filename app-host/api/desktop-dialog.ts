import { execFile } from 'node:child_process';

export interface FileDialogOptions {
  title?: string;
  defaultPath?: string;
  buttonLabel?: string;
  filters?: { name: string; extensions: string[] }[];
  properties?: string[];
}

type Kind = 'open' | 'folder' | 'save';

/**
 * Asks for paths with the desktop's own dialog program, when there is one.
 * @returns the chosen paths, none when the user cancelled, or `undefined` without such a program
 */
export async function askDesktop(
  kind: Kind,
  options: FileDialogOptions,
): Promise<string[] | undefined> {
  if (!process.env['DISPLAY'] && !process.env['WAYLAND_DISPLAY']) return undefined;
  return run('zenity', zenityArguments(kind, options));
}

export function zenityArguments(kind: Kind, options: FileDialogOptions): string[] {
  const args = ['--file-selection', '--separator=\n'];
  if (kind === 'folder') args.push('--directory');
  if (kind === 'save') args.push('--save', '--confirm-overwrite');
  if (options.title) args.push(`--title=${options.title}`);
  if (options.defaultPath) args.push(`--filename=${options.defaultPath}`);
  if (options.properties?.includes('multiSelections')) args.push('--multiple');
  for (const { name, extensions } of options.filters ?? []) {
    args.push(
      `--file-filter=${name} | ${extensions.map((e) => (e === '*' ? '*' : `*.${e}`)).join(' ')}`,
    );
  }
  return args;
}

function run(program: string, args: string[]): Promise<string[] | undefined> {
  return new Promise((resolve) => {
    execFile(program, args, (error, output) => {
      if (error && error.code === 'ENOENT') resolve(undefined);
      else resolve(error ? [] : output.split('\n').filter(Boolean));
    });
  });
}
