import { BerthError } from '../../errors.ts';
import type { MediaBuilder } from '../../ports/media-builder.ts';
import { tasksOf } from '../checks/applications.ts';
import { need, type Stage, type StageContext } from '../context.ts';
import type { Progress } from '../progress.ts';
import { undoFromJournal } from './undo.ts';
import { windowsAnswersInput } from './windows-answers.ts';

/** Everything that ends up in volumes is prepared in memory, where it leaves nothing behind. */
export const mediaStage: Stage = {
  name: 'media',
  async run(ctx, progress) {
    const { deps } = ctx;
    checkImage(ctx);
    const spec = need(ctx.spec, 'specification');
    if (spec.installer?.boot === 'kernel') return prepareInstaller(ctx, progress);
    if (spec.installer?.boot === 'answered') return answerWindows(ctx, progress);
    buildSeed(ctx);
    if (spec.directBoot === null) return;
    const parts = await progress.ask((signal) => deps.media.buildTryout({ signal }));
    const [kernel, initrd] = await progress.ask((signal) =>
      Promise.all([
        readAll(deps.media, parts.kernelPath, signal),
        readAll(deps.media, parts.initrdPath, signal),
      ]),
    );
    ctx.boot = { kernel, initrd };
    progress.log(`Try-out guest with kernel ${parts.kernelVersion}`);
  },
  undo: undoFromJournal,
};

/** A creation may have waited; the image that it was promised may be gone. */
function checkImage({ spec, deps, image }: StageContext): void {
  if (!spec?.disk?.backing && !spec?.installer) return;
  if (image !== null && deps.store.media.get(image.id)?.state === 'ready') return;
  const what = spec.installer ? 'installation medium' : 'disk image';
  throw new BerthError('media_missing', `The chosen ${what} is not in the library any more.`, {
    fix: { action: 'add-media', label: 'Add an image' },
  });
}

function buildSeed(ctx: StageContext): void {
  const spec = need(ctx.spec, 'specification');
  if (spec.seedVolume === null) return;
  ctx.seed = ctx.deps.media.seed({
    instanceId: spec.machineId,
    hostname: spec.hostname,
    user: spec.login.user,
    passwordHash: ctx.secrets.passwordHash,
    sshKeys: spec.login.sshKeys,
    tasks: tasksOf(ctx.deps, need(ctx.wish, 'template')),
  });
}

/** The installer's own kernel and initrd, and the answers: in the initrd where the installer looks there, else beside it. */
async function prepareInstaller(ctx: StageContext, progress: Progress): Promise<void> {
  const { deps, image } = ctx;
  const { login, hostname, installer } = need(ctx.spec, 'specification');
  const known = need(image?.installer ?? null, 'installation medium');
  const { pool, volume } = need(installer?.medium ?? null, 'installation medium');
  const { kernel, initrd } = need(known.boot, 'kernel of the installer');
  const answers = deps.media.answers({
    installer: known,
    hostname,
    user: need(login.user, 'user'),
    passwordHash: ctx.secrets.passwordHash,
    sshKeys: login.sshKeys,
    tasks: tasksOf(deps, need(ctx.wish, 'template')),
  });
  const files = await progress.ask((signal) =>
    deps.media.readIso(
      (offset, length) => deps.hypervisor.readVolume(pool, volume, { offset, length }, { signal }),
      [kernel, initrd],
    ),
  );
  const [kernelBytes, initrdBytes] = files.map((bytes) => [bytes]);
  ctx.boot = {
    kernel: kernelBytes ?? [],
    initrd: [...(initrdBytes ?? []), ...(answers.overlay === null ? [] : [answers.overlay])],
  };
  ctx.seed = answers.seed === null ? null : { bytes: answers.seed };
  progress.log(`Installer of ${known.osLabel}: ${kernel} and ${initrd}`);
}

/** The medium starts by itself; Windows Setup looks for its answers in all drives. */
function answerWindows(ctx: StageContext, progress: Progress): void {
  const { deps, secrets } = ctx;
  const wish = need(ctx.wish, 'template');
  const installer = need(ctx.image?.installer ?? null, 'installation medium');
  const answers = deps.media.windowsAnswers(
    windowsAnswersInput({
      spec: need(ctx.spec, 'specification'),
      wish,
      installer,
      abilities: need(ctx.facts, 'facts').abilities,
      secrets,
      tasks: tasksOf(deps, wish),
    }),
  );
  ctx.seed = answers;
  progress.log(`Answers for ${installer.osLabel}`);
  for (const note of answers.notes) progress.log(note, 'warn');
}

/** Kernel and initrd are small; their exact length is the volume's capacity. */
async function readAll(
  media: MediaBuilder,
  path: string,
  signal: AbortSignal,
): Promise<Uint8Array[]> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of media.read(path)) {
    signal.throwIfAborted();
    chunks.push(chunk);
  }
  return chunks;
}
