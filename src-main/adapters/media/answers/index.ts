import { gzipSync } from 'node:zlib';
import { buildCpio } from '../cpio.ts';
import { buildIso9660 } from '../iso9660.ts';
import type { AnswersInput } from './answers.ts';
import { checkAnswers } from './check.ts';
import { debianOverlay } from './debian.ts';
import { redhatFiles } from './redhat.ts';
import { suseFiles } from './suse.ts';
import { ubuntuFiles } from './ubuntu.ts';

/** Families whose installers take answers from a kernel and an initrd that Berth starts. */
export type AnsweredFamily = 'debian' | 'ubuntu' | 'fedora' | 'rhel' | 'opensuse';

type Answers = {
  /** A small ISO image for a second CD-ROM drive; null = the answers are in the overlay. */
  readonly seed: Uint8Array | null;
  /** To be put behind the installer's initrd, as the kernel unpacks one after the other; null = nothing. */
  readonly overlay: Uint8Array | null;
  readonly files: readonly { readonly path: string; readonly content: string }[];
};

/** The answers to an installer's questions. Throws MediaError `seed_invalid_input`. */
export function buildAnswers(family: AnsweredFamily, input: AnswersInput): Answers {
  checkAnswers(input);
  if (family === 'debian') {
    const files = debianOverlay(input);
    const entries = files.map(({ path, mode, content }) => ({
      kind: 'file' as const,
      path,
      mode,
      content: Buffer.from(content),
    }));
    return { seed: null, overlay: gzipSync(buildCpio(entries)), files };
  }
  const files = filesOf(family, input);
  const volumeLabel = family === 'ubuntu' ? 'cidata' : 'OEMDRV';
  return {
    seed: buildIso9660({ volumeLabel, files }),
    overlay: null,
    files: files.map(({ name, content }) => ({ path: name, content: String(content) })),
  };
}

function filesOf(family: Exclude<AnsweredFamily, 'debian'>, input: AnswersInput) {
  if (family === 'ubuntu') return ubuntuFiles(input);
  return family === 'opensuse' ? suseFiles(input) : redhatFiles(input);
}
