import { BerthError } from '../../errors.ts';
import type { MediaBuilder } from '../../ports/media-builder.ts';
import { tasksOf } from '../checks/applications.ts';
import { need, type Stage, type StageContext } from '../context.ts';
import { undoFromJournal } from './undo.ts';

/** Everything that ends up in volumes is prepared in memory, where it leaves nothing behind. */
export const mediaStage: Stage = {
  name: 'media',
  async run(ctx, progress) {
    const { deps } = ctx;
    checkImage(ctx);
    buildSeed(ctx);
    if (need(ctx.spec, 'specification').directBoot === null) return;
    const parts = await progress.ask((signal) => deps.media.buildTryout({ signal }));
    const [kernel, initrd] = await progress.ask((signal) =>
      Promise.all([
        readAll(deps.media, parts.kernelPath, signal),
        readAll(deps.media, parts.initrdPath, signal),
      ]),
    );
    ctx.tryout = { kernel, initrd };
    progress.log(`Try-out guest with kernel ${parts.kernelVersion}`);
  },
  undo: undoFromJournal,
};

/** A creation may have waited; the image that it was promised may be gone. */
function checkImage({ spec, deps, image }: StageContext): void {
  if (!spec?.disk?.backing) return;
  if (image !== null && deps.store.media.get(image.id)?.state === 'ready') return;
  throw new BerthError('media_missing', 'The chosen disk image is not in the library any more.', {
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
    passwordHash: ctx.passwordHash,
    sshKeys: spec.login.sshKeys,
    tasks: tasksOf(ctx.deps, need(ctx.wish, 'template')),
  });
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
