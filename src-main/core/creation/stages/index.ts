import type { Stage as StageName } from '../../../../src-contract/model/stage.ts';
import type { Stage } from '../context.ts';
import { defineStage } from './define.ts';
import { firstBootStage } from './first-boot.ts';
import { installStage } from './install.ts';
import { mediaStage } from './media.ts';
import { networkStage } from './network.ts';
import { readyStage } from './ready.ts';
import { reserveStage } from './reserve.ts';
import { startStage } from './start.ts';
import { storageStage } from './storage.ts';
import { templateStage } from './template.ts';
import { undoFromJournal } from './undo.ts';
import { validateStage } from './validate.ts';
import { xmlStage } from './xml.ts';

/** From the claim to a running domain; a failure undoes all of it. */
export const BUILD_STAGES: readonly Stage[] = [
  validateStage,
  reserveStage,
  templateStage,
  mediaStage,
  networkStage,
  storageStage,
  xmlStage,
  defineStage,
  startStage,
];

/** From the running domain to a ready guest; a failure leaves the machine as it is. */
export const WATCH: readonly Stage[] = [installStage, firstBootStage, readyStage];

export function undoOf(name: StageName): Stage['undo'] {
  const stage = [...BUILD_STAGES, ...WATCH].find((one) => one.name === name);
  return stage?.undo ?? undoFromJournal;
}
