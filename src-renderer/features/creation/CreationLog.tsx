import { memo, useEffect, useLayoutEffect, useRef } from 'react';
import type { LogLine } from '../../../src-contract/model/creation.ts';
import { loadLog } from '../../bridge/commands.ts';
import { useBerth } from '../../store/use-berth.ts';
import { Disclosure } from '../../ui/Disclosure.tsx';
import { formatClock } from '../../ui/format.ts';

const NONE: readonly LogLine[] = [];

const Line = memo(function Line({ line }: { line: LogLine }) {
  return (
    <div className="log-line" data-level={line.level}>
      <span>{formatClock(line.at)}</span>
      <span>{line.level === 'guest' ? 'guest' : line.stage}</span>
      <span>{line.text}</span>
    </div>
  );
});

/** Follows the end, until somebody scrolls up to read. */
function Lines({ creationId }: { creationId: string }) {
  const lines = useBerth((state) => state.logs.get(creationId) ?? NONE);
  const box = useRef<HTMLDivElement>(null);
  const following = useRef(true);
  // biome-ignore lint/correctness/useExhaustiveDependencies: new lines are what moves the end
  useLayoutEffect(() => {
    const element = box.current;
    if (element && following.current) element.scrollTop = element.scrollHeight;
  }, [lines]);
  return (
    <div
      ref={box}
      className="log selectable"
      role="log"
      aria-label="Log"
      aria-live="off"
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrollable region has to be reachable by keyboard
      tabIndex={0}
      data-testid="log"
      onScroll={({ currentTarget: { scrollTop, scrollHeight, clientHeight } }) => {
        following.current = scrollHeight - scrollTop - clientHeight < 24;
      }}
    >
      {lines.map((line, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: lines have no identity and are only appended
        <Line key={index} line={line} />
      ))}
      {lines.length === 0 ? <span className="muted">Nothing yet</span> : null}
    </div>
  );
}

export function CreationLog({ creationId }: { creationId: string }) {
  useEffect(() => {
    void loadLog(creationId);
  }, [creationId]);
  return (
    <section className="card card-pad">
      <Disclosure label="Log" testId="log-section">
        {() => <Lines creationId={creationId} />}
      </Disclosure>
    </section>
  );
}
