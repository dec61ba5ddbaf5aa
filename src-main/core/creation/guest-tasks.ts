import type { ApplicationResult } from '../../../src-contract/model/application.ts';
import type { Finding } from '../../../src-contract/model/error.ts';
import type { StageContext } from './context.ts';
import type { GuestTask } from './guest-lines.ts';

const ENDED: readonly ApplicationResult['state'][] = ['done', 'failed', 'timed-out'];

/** Keeps what the guest says of a task that it was given; anything else it says is ignored. */
export function noteTask({ record }: StageContext, task: GuestTask): void {
  const { applications } = record.value;
  const known = applications[task.index];
  if (known === undefined || ENDED.includes(known.state)) return;
  const { state, exitCode, lastLines } = task;
  const result = { ...known, state, exitCode, lastLines };
  record.patch({ applications: applications.with(task.index, result) });
}

/** 0..1; null when there are no tasks. */
export function taskFraction({ record }: StageContext): number | null {
  const { applications } = record.value;
  if (applications.length === 0) return null;
  return applications.filter(({ state }) => ENDED.includes(state)).length / applications.length;
}

/** A task that failed does not fail the machine: it is told on it. */
export function noteFailedTasks(ctx: StageContext): void {
  const { record, deps, identity } = ctx;
  const failed = record.value.applications.filter(({ state }) => state !== 'done');
  if (failed.length === 0) return;
  const note = failureNote(failed);
  record.addNotes([note]);
  const machine = deps.store.machines.get(identity.machineId);
  if (machine === null) return;
  const others = machine.notes.filter(({ code }) => code !== note.code);
  deps.store.machines.update(identity.machineId, { notes: [...others, note] });
  deps.machineChanged(identity.machineId);
}

function failureNote(failed: readonly ApplicationResult[]): Finding {
  const names = failed.map(({ id, state, exitCode }) => {
    if (state === 'timed-out') return `${id} (took too long)`;
    if (state === 'failed') return `${id} (exit code ${exitCode ?? 'unknown'})`;
    return `${id} (no result)`;
  });
  return {
    code: 'application_failed',
    severity: 'warning',
    message: `The guest is ready, but not everything was installed: ${names.join(', ')}.`,
    hint: 'The page of the creation shows the last lines of each.',
  };
}
