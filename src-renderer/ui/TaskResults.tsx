import { CodeBlock } from './CodeBlock.tsx';
import { Disclosure } from './Disclosure.tsx';

type Result = {
  id: string;
  kind: 'application' | 'script';
  state: 'pending' | 'running' | 'done' | 'failed' | 'timed-out';
  exitCode: number | null;
  lastLines: readonly string[];
};

const STATES: Record<Result['state'], string> = {
  pending: 'waits',
  running: 'runs',
  done: 'done',
  failed: 'failed',
  'timed-out': 'took too long',
};

/** What the guest said of the applications and scripts of its first boot. */
export function TaskResults({ results }: { results: readonly Result[] }) {
  if (results.length === 0) return null;
  return (
    <section className="card card-pad" aria-label="Applications and scripts">
      <h2 className="card-title">Applications and scripts</h2>
      <ul className="task-results">
        {results.map(({ id, kind, state, exitCode, lastLines }) => (
          <li key={`${kind} ${id}`} data-testid="task-result" data-state={state}>
            <div className="row">
              <span className="ellipsis">{id}</span>
              {kind === 'script' ? <span className="muted">script</span> : null}
              <span className="muted">
                {STATES[state]}
                {state === 'failed' && exitCode !== null ? `, exit code ${exitCode}` : ''}
              </span>
            </div>
            {lastLines.length === 0 ? null : (
              <Disclosure label={`Last lines of ${id}`}>
                {() => <CodeBlock label={`Last lines of ${id}`} text={lastLines.join('\n')} />}
              </Disclosure>
            )}
          </li>
        ))}
      </ul>
    </section>
  );
}
