import type { Creation } from '../../../src-contract/model/creation.ts';
import { stageLabel } from '../../store/labels.ts';
import { formatDuration } from '../../ui/format.ts';

type Part = { stage: Creation['stage']; state: string; ms: number; at: number };

function partsOf({ stages }: Creation): Part[] {
  let at = 0;
  return stages.flatMap(({ stage, state, startedAt, endedAt }) => {
    if (startedAt === null || endedAt === null) return [];
    const part = { stage, state, ms: Math.max(0, endedAt - startedAt), at };
    at += part.ms;
    return [part];
  });
}

/** How long each stage took, one after the other on one line. */
export function StageTimes({ creation }: { creation: Creation }) {
  const parts = partsOf(creation);
  const total = parts.reduce((sum, { ms }) => sum + ms, 0);
  if (total === 0) return <span className="muted">–</span>;
  const text = parts.map(({ stage, ms }) => `${stageLabel(stage)}: ${formatDuration(ms)}`);
  return (
    <svg className="stage-times" width="100%" height="14" role="img" aria-label={text.join(', ')}>
      {parts.map(({ stage, state, ms, at }, index) => (
        <rect
          key={stage}
          className="stage-part"
          data-state={state}
          data-odd={index % 2 === 1}
          x={`${(at / total) * 100}%`}
          width={`${Math.max((ms / total) * 100, 0.3)}%`}
          height="14"
        >
          <title>{text[index]}</title>
        </rect>
      ))}
    </svg>
  );
}
