import type { Creation, CreationState } from '../../src-contract/model/creation.ts';
import type { Machine } from '../../src-contract/model/machine.ts';
import type { Stage } from '../../src-contract/model/stage.ts';

/** How a state looks: `good` is green and means running, nothing else is. */
type Tone = 'good' | 'busy' | 'warn' | 'bad' | 'quiet';
export type Badge = { label: string; tone: Tone };

const POWER: Record<Machine['power'], Badge> = {
  off: { label: 'Off', tone: 'quiet' },
  starting: { label: 'Starting', tone: 'busy' },
  running: { label: 'Running', tone: 'good' },
  paused: { label: 'Paused', tone: 'warn' },
  stopping: { label: 'Stopping', tone: 'busy' },
  crashed: { label: 'Crashed', tone: 'bad' },
};

const PROVISIONING: Record<Machine['provisioning'], Badge> = {
  none: { label: 'Not set up by Berth', tone: 'quiet' },
  installing: { label: 'Installing', tone: 'busy' },
  'first-boot': { label: 'First boot', tone: 'busy' },
  ready: { label: 'Ready', tone: 'good' },
  stalled: { label: 'Stalled', tone: 'warn' },
  failed: { label: 'Setup failed', tone: 'bad' },
};

export const powerBadge = (machine: Pick<Machine, 'power'>): Badge => POWER[machine.power];
export const provisioningBadge = (machine: Pick<Machine, 'provisioning'>): Badge =>
  PROVISIONING[machine.provisioning];

/** One pill for the row: what a person has to know first. */
export function machineBadge(machine: Machine): Badge {
  if (machine.deleteFailed) return { label: 'Delete failed', tone: 'bad' };
  const unusual = machine.provisioning !== 'none' && machine.provisioning !== 'ready';
  if (machine.power === 'running' && unusual) return PROVISIONING[machine.provisioning];
  return POWER[machine.power];
}

const CREATION: Record<CreationState, Badge> = {
  queued: { label: 'Waiting', tone: 'quiet' },
  running: { label: 'Creating', tone: 'busy' },
  provisioning: { label: 'Setting up', tone: 'busy' },
  'rolling-back': { label: 'Undoing', tone: 'warn' },
  completed: { label: 'Ready', tone: 'good' },
  failed: { label: 'Failed', tone: 'bad' },
  cancelled: { label: 'Cancelled', tone: 'quiet' },
};

export const creationBadge = (creation: Pick<Creation, 'state'>): Badge => CREATION[creation.state];

const STAGE: Record<Stage, string> = {
  validate: 'Check the request',
  reserve: 'Reserve name and resources',
  template: 'Resolve the template',
  media: 'Prepare boot and seed media',
  network: 'Bring the network up',
  storage: 'Create the disks',
  xml: 'Write the definition',
  define: 'Define the machine',
  start: 'Start it',
  install: 'Install the system',
  'first-boot': 'First boot',
  ready: 'Ready to use',
};

export const stageLabel = (stage: Stage): string => STAGE[stage];

/** What it does or waits for, in a line. */
export function creationDetail(creation: Creation): string {
  if (creation.state === 'queued') return creation.waitingFor ?? 'Waiting for its turn';
  if (creation.state === 'rolling-back') return 'Removing what was made';
  if (creation.error) return creation.error.message;
  if (creation.state === 'completed') return STAGE.ready;
  const record = creation.stages.find(({ stage }) => stage === creation.stage);
  return record?.message ?? STAGE[creation.stage];
}

/** 0..1 over all stages; null before anything runs. */
export function creationProgress(creation: Creation): number | null {
  const counted = creation.stages.filter((record) => record.state !== 'skipped');
  if (counted.length === 0 || creation.state === 'queued') return null;
  const done = counted.reduce((sum, record) => {
    if (record.state === 'done') return sum + 1;
    return record.state === 'running' ? sum + (record.progress ?? 0) : sum;
  }, 0);
  return done / counted.length;
}
