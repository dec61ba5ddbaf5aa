import { BerthError } from '../../core/errors.ts';
import type {
  InstallAnswers,
  InstallInput,
  ReadAt,
  WindowsAnswers,
  WindowsAnswersInput,
} from '../../core/ports/media-builder.ts';
import { hostRegion } from './answers/host-region.ts';
import { type AnsweredFamily, buildAnswers } from './answers/index.ts';
import { readRunner } from './first-boot.ts';
import { IsoReader } from './iso-reader.ts';
import { buildWindowsSeed } from './windows/index.ts';

const ANSWERED: readonly string[] = [
  'debian',
  'ubuntu',
  'fedora',
  'rhel',
  'opensuse',
] satisfies AnsweredFamily[];
/** Kernels and initrds are far smaller. */
const LARGEST_FILE = 512 * 1024 * 1024;

const isAnswered = (family: string): family is AnsweredFamily => ANSWERED.includes(family);

/** The guest gets this computer's language, keyboard and time zone. */
export function buildInstallAnswers(
  { installer, hostname, user, passwordHash, sshKeys }: InstallInput,
  firstBoot: string | null,
): InstallAnswers {
  const { family, label: mediumLabel, osLabel } = installer;
  if (!isAnswered(family)) {
    throw new BerthError('unattended_unsupported', `${osLabel} has to be installed by hand.`);
  }
  const region = hostRegion();
  const login = { hostname, user, passwordHash, sshKeys };
  const { files, ...media } = buildAnswers(family, { ...login, region, firstBoot, mediumLabel });
  return { ...media, files: [...files] };
}

/** The same for Windows, whose Setup finds its answers by itself. */
export function buildWindowsAnswers(
  { installer, tasks, ...wanted }: WindowsAnswersInput,
  runnerPath: string,
): WindowsAnswers {
  const runner = readRunner(runnerPath);
  const input = { ...wanted, region: hostRegion(), mediumLabel: installer.label };
  return buildWindowsSeed(input, { runner, tasks });
}

export async function readIsoFiles(
  readAt: ReadAt,
  paths: readonly string[],
): Promise<Uint8Array[]> {
  const iso = await IsoReader.open(readAt);
  const contents: Uint8Array[] = [];
  for (const path of paths) {
    const content = (await iso?.read(path, LARGEST_FILE)) ?? null;
    if (content === null) {
      throw new BerthError('iso_file_missing', `The medium has no file ${path}.`, {
        hint: 'Remove it from the library and add it again.',
      });
    }
    contents.push(content);
  }
  return contents;
}
