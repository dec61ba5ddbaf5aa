import type { Stage } from '../../src-contract/model/stage.ts';

/**
 * - `throw`: the stage throws what nobody expects
 * - `libvirt`: libvirt refuses the stage's first call, as it refuses things
 * - `fail-late`: the first change that the stage makes takes effect and then reports an error
 * - `cancel`: a person cancels while the stage is at work
 * - `hang`: libvirt never answers the stage's first call; then a person cancels
 * - `kill`: SIGKILL to Berth when the stage begins, before it acts, then a new start
 * - `kill-late`: SIGKILL right after the stage's first change took effect, before that is written down
 * - `kill-mark`: SIGKILL right after that is written down (where nothing is journaled: after the stage is)
 * - `daemon`: SIGKILL to libvirtd when the stage begins; it comes back after a moment
 * - `pool-full`: there is next to no room in the pool any more
 * - `db-locked`: another process holds the database for longer than Berth waits
 * - `db-full`: nothing more can be written to the database, until a new start (in the queue and for a watched stage: for a moment)
 */
export type FaultKind =
  | 'throw'
  | 'libvirt'
  | 'fail-late'
  | 'cancel'
  | 'hang'
  | 'kill'
  | 'kill-late'
  | 'kill-mark'
  | 'daemon'
  | 'pool-full'
  | 'db-locked'
  | 'db-full';

/** Which machine is made: `image` = overlay, seed, a filter where it matters, and a pool that was there; `tryout` = direct boot, pool made too. */
export type Subject = 'image' | 'tryout';

export interface Cell {
  stage: Stage;
  fault: FaultKind;
  subject: Subject;
}

/** Stages that change nothing outside. */
const INSIDE: readonly FaultKind[] = ['throw', 'cancel', 'kill', 'kill-mark', 'daemon', 'db-full'];
const OUTSIDE: readonly FaultKind[] = [
  ...INSIDE,
  ...(['libvirt', 'fail-late', 'hang', 'kill-late', 'db-locked'] as const),
];
const WATCH: readonly FaultKind[] = ['cancel', 'hang', 'kill', 'kill-mark', 'daemon', 'db-full'];

const row = (subject: Subject, stage: Stage, faults: readonly FaultKind[]): Cell[] =>
  faults.map((fault) => ({ stage, fault, subject }));

/** The try-out rows come first: they need a host without Berth's pool. */
export const CELLS: readonly Cell[] = [
  ...row('tryout', 'storage', [...OUTSIDE, 'pool-full']),
  ...row('tryout', 'start', ['throw', 'kill-late']),
  ...row('image', 'validate', INSIDE),
  ...row('image', 'reserve', INSIDE),
  ...row('image', 'template', INSIDE),
  ...row('image', 'media', INSIDE),
  ...row('image', 'network', OUTSIDE),
  ...row('image', 'storage', [...OUTSIDE, 'pool-full']),
  ...row('image', 'xml', INSIDE),
  ...row('image', 'define', OUTSIDE),
  ...row('image', 'start', OUTSIDE),
  ...row('image', 'first-boot', WATCH),
  ...row('image', 'ready', WATCH),
];

/**
 * Left to `npm run faults`, so that the test run stays short: stages that change nothing outside go through the same
 * code and share the faults out, the try-out machine's storage repeats what is done to an image's, and what is watched
 * takes a whole boot.
 */
const LEFT_OUT: readonly Cell[] = [
  ...row('tryout', 'storage', ['throw', 'libvirt', 'kill-mark', 'hang', 'db-full', 'db-locked']),
  ...row('tryout', 'storage', ['cancel', 'fail-late', 'daemon']),
  ...row('tryout', 'start', ['throw']),
  ...row('image', 'validate', ['cancel', 'kill', 'kill-mark', 'daemon']),
  ...row('image', 'reserve', ['db-full']),
  ...row('image', 'template', ['throw', 'kill', 'daemon', 'db-full']),
  ...row('image', 'media', ['cancel', 'kill-mark', 'daemon']),
  ...row('image', 'xml', ['throw', 'kill', 'daemon', 'db-full']),
  ...row('image', 'network', ['throw', 'hang', 'daemon', 'db-full', 'db-locked']),
  ...row('image', 'define', ['throw', 'kill', 'hang', 'db-full', 'db-locked']),
  ...row('image', 'start', ['hang', 'db-full', 'db-locked']),
  ...row('image', 'first-boot', ['hang', 'kill-mark', 'db-full']),
  ...row('image', 'ready', ['hang', 'kill-mark', 'daemon', 'db-full']),
];

const nameOf = ({ subject, stage, fault }: Cell): string => `${subject} ${stage} ${fault}`;
const leftOut = new Set(LEFT_OUT.map(nameOf));

/** Each stage, and each fault, at least once. */
export const TESTED_CELLS = CELLS.filter((cell) => !leftOut.has(nameOf(cell)));
