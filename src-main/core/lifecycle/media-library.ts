import type { Media } from '../../../src-contract/model/media.ts';
import { BerthError, CancelledError, toBerthError } from '../errors.ts';
import type { Hypervisor } from '../ports/hypervisor.ts';
import type { ImageFacts, MediaBuilder } from '../ports/media-builder.ts';
import type { Store } from '../ports/repositories.ts';
import type { Clock, Ids, Log, SystemFacts } from '../ports/system.ts';
import type { Hub } from './hub.ts';
import { usersByVolume, usersOf, volumeKey } from './media-usage.ts';
import { decodeOwner, encodeOwner } from './owner-text.ts';
import { baseName } from './paths.ts';

export interface MediaLibraryDeps {
  hypervisor: Hypervisor;
  store: Store;
  builder: MediaBuilder;
  system: SystemFacts;
  clock: Clock;
  ids: Ids;
  log: Log;
  hub: Hub;
  /** Pool that images are kept in; made when missing. */
  pool: string;
}

export interface AddMedia {
  /** Absolute path of a file that this process can read. */
  path: string;
  /** Default: the file's name. */
  name?: string;
  signal?: AbortSignal;
}

/** Makes the item's volume; resolves with what is known of it then. */
type Fill = (signal: AbortSignal) => Promise<Partial<Media>>;

/** Share of the progress that reading the file for its checksum takes. */
const HASH_SHARE = 0.3;
const REPORT_EVERY_MS = 200;
/** Behind the owner of an import that found no pool. */
const MADE_POOL = ' pool';

/** The images that machines are made from, kept as volumes and brought there by stream. */
export class MediaLibrary {
  readonly #deps: MediaLibraryDeps;
  readonly #imports = new Map<string, { cancel: AbortController; done: Promise<unknown> }>();

  constructor(deps: MediaLibraryDeps) {
    this.#deps = deps;
  }

  list(): Media[] {
    const users = usersByVolume(this.#deps.store);
    return this.#deps.store.media.list().map((media) => ({
      ...media,
      usedBy: users.get(volumeKey(media.pool, media.volume))?.length ?? 0,
    }));
  }

  /**
   * Resolves with the item when it is ready; progress arrives as `media.changed`. Whatever stops it, nothing is left.
   * Rejects with `file_unreadable`, `image_*`, `media_duplicate`, `cancelled`, or what libvirt says.
   */
  async add({ path, name, signal }: AddMedia): Promise<Media> {
    const { builder, ids, clock, pool } = this.#deps;
    const facts = await builder.inspectImage(path);
    const id = ids.uuid();
    const media: Media = {
      id,
      name: name?.trim() || baseName(path),
      kind: facts.installer === undefined ? 'image' : 'iso',
      ...(facts.installer !== undefined && { installer: facts.installer }),
      format: facts.format,
      state: 'importing',
      virtualBytes: facts.virtualBytes,
      fileBytes: facts.fileBytes,
      sha256: null,
      pool,
      volume: `media-${id}.${extensionOf(facts)}`,
      origin: baseName(path),
      progress: 0,
      error: null,
      usedBy: 0,
      addedAt: clock.now(),
    };
    return this.bring(media, signal, (either) => this.#import(media, path, either));
  }

  /**
   * Keeps a new item while `fill` makes its volume, and resolves with what it told when it is ready. Whatever stops
   * it, nothing is left.
   */
  bring(media: Media, signal: AbortSignal | undefined, fill: Fill): Promise<Media> {
    const cancel = new AbortController();
    const either = signal ? AbortSignal.any([signal, cancel.signal]) : cancel.signal;
    const done = this.#fill(media, either, fill);
    this.#imports.set(media.id, { cancel, done });
    return done.finally(() => this.#imports.delete(media.id));
  }

  /** Also cancels an import that runs here. Rejects with `media_missing`, `media_in_use`. */
  async remove(mediaId: string): Promise<void> {
    const running = this.#imports.get(mediaId);
    if (running !== undefined) {
      running.cancel.abort();
      await running.done.catch(() => undefined);
      return;
    }
    const media = this.#deps.store.media.get(mediaId);
    if (media === null)
      throw new BerthError('media_missing', 'This image does not exist any more.');
    const users = usersOf(this.#deps.store, media);
    if (users.length > 0) {
      throw new BerthError('media_in_use', `${media.name} is in use by ${users.join(', ')}.`, {
        hint: 'The disks of these machines rest on the image. Delete the machines first.',
      });
    }
    if (media.state === 'importing' && this.#ownerLives(mediaId)) {
      throw new BerthError('media_importing', `${media.name} is being added by another process.`, {
        retryable: true,
      });
    }
    await this.#erase(media);
  }

  /** Removes what imports left whose process has died. */
  async recover(): Promise<void> {
    for (const media of this.#deps.store.media.list()) {
      if (media.state !== 'importing' || this.#imports.has(media.id)) continue;
      if (this.#ownerLives(media.id)) continue;
      try {
        await this.#erase(media);
        this.#deps.log.info('removed a half imported image', { mediaId: media.id });
      } catch (error) {
        this.#deps.log.warn('a half imported image stays', { mediaId: media.id, error });
      }
    }
  }

  /** Cancels the imports that run here and resolves when they have left nothing. */
  async close(): Promise<void> {
    const running = [...this.#imports.values()];
    for (const { cancel } of running) cancel.abort();
    await Promise.allSettled(running.map(({ done }) => done));
  }

  async #fill(media: Media, signal: AbortSignal, fill: Fill): Promise<Media> {
    const { store, system } = this.#deps;
    store.settings.set(ownerKey(media.id), encodeOwner(system.self()));
    this.#save(media);
    try {
      const ready: Media = { ...media, ...(await fill(signal)), state: 'ready', progress: null };
      this.#save(ready);
      store.settings.set(ownerKey(media.id), '');
      return ready;
    } catch (error) {
      await this.#erase(media).catch((left: unknown) => this.#keepFailed(media, left));
      throw signal.aborted ? new CancelledError() : error;
    }
  }

  async #import(media: Media, path: string, signal: AbortSignal): Promise<Partial<Media>> {
    const sha256 = await this.#checksum(media, path, signal);
    this.#refuseDuplicate(sha256);
    await this.#upload(media, path, signal);
    return { sha256 };
  }

  #checksum(media: Media, path: string, signal: AbortSignal): Promise<string> {
    const report = this.reporter(media, 0, HASH_SHARE);
    return this.#deps.builder.sha256(path, { signal, onBytes: report });
  }

  #refuseDuplicate(sha256: string): void {
    const twin = this.#deps.store.media.list().find((other) => other.sha256 === sha256);
    if (twin === undefined) return;
    throw new BerthError('media_duplicate', `This image is in the library already: ${twin.name}.`);
  }

  async #upload(media: Media, path: string, signal: AbortSignal): Promise<void> {
    const { hypervisor, builder, pool } = this.#deps;
    await this.preparePool(media, signal);
    // A raw volume takes the file's bytes as they are, a qcow2 file included; libvirt then sees its format.
    const spec = { name: media.volume, format: 'raw' as const, capacityBytes: media.fileBytes };
    await hypervisor.createVolume(pool, spec, { signal });
    const onBytes = this.reporter(media, HASH_SHARE, 1);
    await hypervisor.uploadVolume(pool, media.volume, builder.read(path), { signal, onBytes });
    if ((await hypervisor.findVolume(pool, media.volume, { signal })) === null) {
      throw new BerthError('volume_missing', 'The image is not in the pool after its upload.');
    }
  }

  /** Makes the pool when it is not there, and writes down before that it is this item's. Rejects with `disk_space`. */
  async preparePool(media: Media, signal: AbortSignal): Promise<void> {
    const { hypervisor, store, system, pool } = this.#deps;
    if ((await hypervisor.findPool(pool, { signal })) === null) {
      store.settings.set(ownerKey(media.id), encodeOwner(system.self()) + MADE_POOL);
    }
    const { pool: facts } = await hypervisor.ensurePool(pool, { signal });
    const seen =
      facts.targetPath === null
        ? null
        : ((await system.diskSpace(facts.targetPath))?.freeBytes ?? null);
    if (Math.min(facts.availableBytes, seen ?? facts.availableBytes) < media.fileBytes) {
      throw new BerthError('disk_space', `The pool ${pool} has no room for ${media.name}.`, {
        hint: 'Free some space, or remove an image that no machine uses.',
      });
    }
  }

  /** Maps bytes to progress between two shares and tells it a few times a second. */
  reporter(media: Media, from: number, to: number): (bytes: number) => void {
    const { clock } = this.#deps;
    let next = 0;
    return (bytes) => {
      if (clock.monotonic() < next) return;
      next = clock.monotonic() + REPORT_EVERY_MS;
      const done = media.fileBytes === 0 ? 1 : Math.min(1, bytes / media.fileBytes);
      const progress = from + (to - from) * done;
      this.#deps.hub.emit({ type: 'media.changed', media: { ...media, progress } });
    };
  }

  #save(media: Media): void {
    this.#deps.store.media.save(media);
    this.#deps.hub.emit({ type: 'media.changed', media });
  }

  async #erase(media: Media): Promise<void> {
    const { hypervisor, store, hub } = this.#deps;
    if ((await hypervisor.findPool(media.pool))?.active) {
      await hypervisor.deleteVolume(media.pool, media.volume);
      await this.#removeOwnPool(media);
    }
    store.media.remove(media.id);
    store.settings.set(ownerKey(media.id), '');
    hub.emit({ type: 'media.removed', mediaId: media.id });
  }

  async #removeOwnPool(media: Media): Promise<void> {
    const { hypervisor, store } = this.#deps;
    if (!store.settings.get(ownerKey(media.id))?.endsWith(MADE_POOL)) return;
    const volumes = await hypervisor.listVolumes(media.pool);
    if (volumes.length === 0) await hypervisor.removePool(media.pool);
  }

  /** The volume could not be removed: the item stays, so that removing it can be tried again. */
  #keepFailed(media: Media, error: unknown): void {
    const failure = toBerthError(error).toData();
    this.#save({ ...media, state: 'failed', progress: null, error: failure });
  }

  #ownerLives(mediaId: string): boolean {
    const text = this.#deps.store.settings.get(ownerKey(mediaId));
    const owner = text === null ? null : decodeOwner(text);
    return owner !== null && this.#deps.system.isAlive(owner);
  }
}

function extensionOf({ format, installer }: ImageFacts): string {
  if (installer !== undefined) return 'iso';
  return format === 'qcow2' ? 'qcow2' : 'img';
}

function ownerKey(mediaId: string): string {
  return `media-import:${mediaId}`;
}
