import type { Department, Quota } from '../../../src-contract/model/department.ts';
import { formatBytes } from '../../ui/format.ts';
import { ProgressBar } from '../../ui/ProgressBar.tsx';
import { isSize } from './department-form.ts';
import { RESOURCE_LABELS } from './labels.ts';

const RESOURCES = ['machines', 'vcpus', 'memoryBytes', 'diskBytes', 'gpus'] as const;
/** From here on it is getting tight. */
const TIGHT = 0.9;

function Bar({ label, used, limit }: { label: string; used: number; limit: number }) {
  const share = limit === 0 ? 1 : Math.min(used / limit, 1);
  const tone = used > limit ? 'bad' : share >= TIGHT && used > 0 ? 'warn' : undefined;
  return <ProgressBar value={used === 0 ? 0 : share} label={label} {...(tone && { tone })} />;
}

/** What a department's machines hold, against its limits. */
export function UsageBars({ usage, quota, name }: Pick<Department, 'usage' | 'quota' | 'name'>) {
  const text = (resource: keyof Quota, value: number) =>
    isSize(resource) ? formatBytes(value) : String(value);
  return (
    <ul className="usage" aria-label={`Usage of ${name}`}>
      {RESOURCES.map((resource) => {
        const limit = quota[resource];
        const label = RESOURCE_LABELS[resource];
        return (
          <li key={resource} data-testid="usage" data-resource={resource}>
            <span className="muted">{label}</span>
            <span className="tabular">
              {text(resource, usage[resource])}
              {limit === null ? '' : ` of ${text(resource, limit)}`}
            </span>
            {limit === null ? (
              <span className="usage-free">no limit</span>
            ) : (
              <Bar label={`${label} of ${name}`} used={usage[resource]} limit={limit} />
            )}
          </li>
        );
      })}
    </ul>
  );
}
