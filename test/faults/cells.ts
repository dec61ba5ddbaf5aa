import type { Stage } from '../../src-contract/model/stage.ts';

/**
 * - `fail`: the stage's first outside call is refused (where it makes none, the database refuses the stage's entry)
 * - `fail-late`: the outside call takes effect and then reports an error
 * - `cancel`: a person cancels while the stage is at work
 * - `kill`: SIGKILL to Berth when the stage begins, then a new start
 * - `kill-late`: SIGKILL right after the stage's first outside call took effect, before that is written down
 * - `daemon`: SIGKILL to libvirtd when the stage begins; it comes back after a moment
 */
export type FaultKind = 'fail' | 'fail-late' | 'cancel' | 'kill' | 'kill-late' | 'daemon';

/** Which machine is made: `image` = overlay, seed and a pool that was there; `tryout` = direct boot, pool made too. */
export type Subject = 'image' | 'tryout';

export interface Cell {
  stage: Stage;
  fault: FaultKind;
  subject: Subject;
}

const EVERY: readonly FaultKind[] = ['fail', 'cancel', 'kill', 'daemon'];
const OUTSIDE: readonly FaultKind[] = [...EVERY, 'fail-late', 'kill-late'];
const WATCH: readonly FaultKind[] = ['cancel', 'kill', 'daemon'];

const row = (subject: Subject, stage: Stage, faults: readonly FaultKind[]): Cell[] =>
  faults.map((fault) => ({ stage, fault, subject }));

/** The try-out rows come first: they need a host without Berth's pool. */
export const CELLS: readonly Cell[] = [
  ...row('tryout', 'storage', OUTSIDE),
  ...row('tryout', 'start', ['fail', 'kill-late']),
  ...row('image', 'validate', EVERY),
  ...row('image', 'reserve', EVERY),
  ...row('image', 'template', EVERY),
  ...row('image', 'media', EVERY),
  ...row('image', 'network', EVERY),
  ...row('image', 'storage', OUTSIDE),
  ...row('image', 'xml', EVERY),
  ...row('image', 'define', OUTSIDE),
  ...row('image', 'start', OUTSIDE),
  ...row('image', 'first-boot', WATCH),
  ...row('image', 'ready', WATCH),
];
