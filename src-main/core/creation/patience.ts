import { installerPatienceMs } from '../domain/patience.ts';
import type { StageContext } from './context.ts';

const LEAST_PATIENCE_MS = 5 * 60 * 1000;
const PATIENCE_FACTOR = 3;

/** For how long a first boot may be silent. */
export function bootPatienceMs({ deps, record, wish }: StageContext): number {
  const typical =
    deps.store.creations.typicalSeconds(record.value.templateId) ??
    wish?.template.typicalSeconds ??
    0;
  return Math.max(PATIENCE_FACTOR * typical * 1000, LEAST_PATIENCE_MS);
}

/** For how long an installer may give no sign of life. */
export function installPatienceMs(ctx: StageContext): number {
  return installerPatienceMs({
    family: familyOf(ctx),
    accelerator: ctx.spec?.accelerator ?? 'tcg',
    minutes: ctx.wish?.template.patienceMinutes ?? null,
  });
}

/** A creation that was taken over knows its medium by the volume alone. */
function familyOf({ deps, image, spec }: StageContext) {
  const volume = spec?.installer?.medium?.volume;
  const medium = image ?? deps.store.media.list().find((one) => one.volume === volume);
  return medium?.installer?.family ?? (spec?.osFamily === 'windows' ? 'windows' : 'unknown');
}
