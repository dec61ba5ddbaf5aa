import type { Media } from '../../../src-contract/model/media.ts';
import type { Store } from '../ports/repositories.ts';

type UsageStore = Pick<Store, 'machines' | 'creations'>;

/** Names of the machines whose disks are overlays on each image, by the image's volume. */
export function usersByVolume(store: UsageStore): Map<string, string[]> {
  const users = new Map<string, string[]>();
  for (const machine of store.machines.list()) {
    const row = store.creations.get(machine.creationId);
    const backing = row?.spec?.disk?.backing;
    if (!backing) continue;
    const key = volumeKey(backing.pool, backing.volume);
    users.set(key, [...(users.get(key) ?? []), machine.name]);
  }
  return users;
}

/** Machines that use an image, and creations that have asked for it and not yet made their disk. */
export function usersOf(store: UsageStore, media: Media): string[] {
  const machines = usersByVolume(store).get(volumeKey(media.pool, media.volume)) ?? [];
  const creations = store.creations
    .open()
    .filter(
      ({ creation, spec }) =>
        creation.input.overrides.mediaId === media.id ||
        (spec?.virtioDrivers?.pool === media.pool && spec.virtioDrivers.volume === media.volume),
    )
    .map(({ creation }) => creation.name);
  return [...new Set([...machines, ...creations])];
}

export function volumeKey(pool: string, volume: string): string {
  return `${pool}/${volume}`;
}
