import type { Creation, CreationState } from '../../src-contract/model/creation.ts';
import type { BerthState } from './state.ts';

const RANK: Record<CreationState, number> = {
  'rolling-back': 0,
  running: 1,
  provisioning: 2,
  queued: 3,
  failed: 4,
  cancelled: 5,
  completed: 6,
};

export const isOpen = ({ state }: Pick<Creation, 'state'>): boolean => RANK[state] < RANK.failed;

const place = ({ queuePlace }: Creation): number => queuePlace ?? Number.POSITIVE_INFINITY;

/** At work first, then the queue in its order, then what has ended of those named in `batch`. */
export function selectQueue(state: Pick<BerthState, 'creations'>, batch: ReadonlySet<string>) {
  return [...state.creations.values()]
    .filter((creation) => isOpen(creation) || batch.has(creation.id))
    .sort(
      (a, b) =>
        RANK[a.state] - RANK[b.state] ||
        place(a) - place(b) ||
        b.input.priority - a.input.priority ||
        a.createdAt - b.createdAt,
    )
    .map(({ id }) => id);
}

const GROUPS = [
  ['being made', ['running', 'provisioning']],
  ['being undone', ['rolling-back']],
  ['waiting', ['queued']],
  ['ready', ['completed']],
  ['failed', ['failed']],
  ['cancelled', ['cancelled']],
] as const satisfies readonly (readonly [string, readonly CreationState[]])[];

/** `2 being made, 7 waiting, 1 failed`. */
export function countsText(states: readonly CreationState[]): string {
  return GROUPS.map(([word, members]) => {
    const count = states.filter((state) => members.some((one) => one === state)).length;
    return { word, count };
  })
    .filter(({ count }) => count > 0)
    .map(({ word, count }) => `${count} ${word}`)
    .join(', ');
}
