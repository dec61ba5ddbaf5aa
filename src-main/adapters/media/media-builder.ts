import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import { BerthError, CancelledError } from '../../core/errors.ts';
import type { MediaBuilder, SeedInput, SeedMedium } from '../../core/ports/media-builder.ts';
import { buildNoCloudFiles } from './cloud-init.ts';
import { buildFirstBootScript, readRunner } from './first-boot.ts';
import { buildInstallAnswers, buildWindowsAnswers, readIsoFiles } from './installer.ts';
import { buildIso9660 } from './iso9660.ts';
import { MediaError } from './media-error.ts';
import { decodePassword, encodePassword } from './windows/index.ts';

export interface MediaBuilderOptions {
  /** Folder for what is built; made when missing. */
  cacheDir: string;
  /** The try-out guest's first process. */
  tryoutInitPath: string;
  /** What runs applications and scripts in a guest. */
  firstBootPath: string;
  /** The same for Windows. */
  windowsFirstBootPath: string;
}

const READ_BYTES = 1024 * 1024;
/** The try-out guest looks for it on its seed medium. */
const FIRST_BOOT_FILE = 'first-boot';
const PROGRESS_PORT = 'org.berth.progress.0';
/** cloud-init wants an account; this one has no password and no key when nobody asked for an account. */
const NOBODY = 'berth';

/** The port over the builders of this folder; those that are not always needed are loaded on first use. */
export function createMediaBuilder(options: MediaBuilderOptions): MediaBuilder {
  return {
    seed: (input) => buildSeed(input, options.firstBootPath),
    answers: (input) => {
      try {
        return buildInstallAnswers(input, firstBootScript(input, options.firstBootPath));
      } catch (error) {
        throw translate(error);
      }
    },
    windowsAnswers: (input) => {
      try {
        return buildWindowsAnswers(input, options.windowsFirstBootPath);
      } catch (error) {
        throw translate(error);
      }
    },
    encodePassword: (password) => encodePassword(password),
    decodePassword,
    readIso: (readAt, paths) => translated(() => readIsoFiles(readAt, paths)),
    hashPassword: async (password) => {
      const { hashPassword } = await import('./password-hash.ts');
      return translated(async () => hashPassword(password));
    },
    inspectImage: async (path) => {
      const { inspectIso } = await import('./installer-identity.ts');
      const iso = await translated(() => inspectIso(path));
      if (iso !== null) {
        const { installer, fileBytes } = iso;
        return { installer, format: 'raw', virtualBytes: fileBytes, fileBytes };
      }
      const { inspectDiskImage } = await import('./disk-image.ts');
      const image = await translated(() => inspectDiskImage(path));
      return { format: image.format, virtualBytes: image.virtualSize, fileBytes: image.fileSize };
    },
    sha256: async (path, { signal, onBytes }) => {
      const { sha256File } = await import('./disk-image.ts');
      return translated(() =>
        sha256File(path, {
          ...(signal !== undefined && { signal }),
          ...(onBytes !== undefined && { onProgress: (done: number) => onBytes(done) }),
        }),
      );
    },
    read: (path) => readFile(path),
    checkTryout: async () => {
      await findParts();
    },
    buildTryout: async ({ signal }) => {
      const { buildTryout } = await import('./tryout.ts');
      const built = await translated(async () =>
        buildTryout({
          parts: await findParts(),
          outDir: join(options.cacheDir, 'tryout'),
          initPath: options.tryoutInitPath,
          ...(signal !== undefined && { signal }),
        }),
      );
      return {
        kernelPath: built.kernel,
        initrdPath: built.initrd,
        kernelVersion: built.kernelVersion,
        key: `${built.sha256.kernel.slice(0, 8)}${built.sha256.initrd.slice(0, 8)}`,
      };
    },
  };
}

function firstBootScript({ tasks }: Pick<SeedInput, 'tasks'>, firstBootPath: string) {
  return tasks.length === 0 ? null : buildFirstBootScript(readRunner(firstBootPath), tasks);
}

function buildSeed(input: SeedInput, firstBootPath: string): SeedMedium {
  const script = firstBootScript(input, firstBootPath);
  // A guest without accounts is the try-out guest, which reads files and no cloud-config.
  const asFile = input.user === null ? script : null;
  try {
    const files = buildNoCloudFiles({
      instanceId: input.instanceId,
      hostname: input.hostname,
      user: input.user ?? NOBODY,
      ...(input.passwordHash !== null && { passwordHash: input.passwordHash }),
      sshKeys: input.sshKeys,
      progressPort: PROGRESS_PORT,
      ...(script !== null && asFile === null && { firstBoot: script }),
    });
    if (asFile !== null) files.push({ name: FIRST_BOOT_FILE, content: asFile });
    return {
      bytes: buildIso9660({ volumeLabel: 'cidata', files }),
      files: files.map(({ name, content }) => ({ path: name, content: asText(content) })),
    };
  } catch (error) {
    throw translate(error);
  }
}

function asText(content: string | Uint8Array): string {
  return typeof content === 'string' ? content : new TextDecoder().decode(content);
}

async function findParts() {
  const { findTryoutParts } = await import('./tryout-parts.ts');
  const found = await findTryoutParts();
  if (found.ok) return found.parts;
  const [first] = found.reasons;
  const message = found.reasons.map((reason) => reason.message).join(' ');
  throw new BerthError(first?.code ?? 'tryout_no_kernel', message, {
    ...(first?.hint && { hint: first.hint }),
  });
}

async function* readFile(path: string): AsyncIterable<Uint8Array> {
  try {
    for await (const chunk of createReadStream(path, { highWaterMark: READ_BYTES })) {
      if (chunk instanceof Uint8Array) yield chunk;
    }
  } catch (error) {
    throw new BerthError('file_unreadable', `${path} could not be read to its end.`, {
      cause: error,
    });
  }
}

async function translated<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw translate(error);
  }
}

function translate(error: unknown): unknown {
  if (!(error instanceof MediaError)) return error;
  if (error.code === 'cancelled') return new CancelledError();
  const code = error.code === 'image_unreadable' ? 'file_unreadable' : error.code;
  return new BerthError(code, error.message, {
    ...(error.hint && { hint: error.hint }),
    ...(error.cause !== undefined && { cause: error.cause }),
  });
}
