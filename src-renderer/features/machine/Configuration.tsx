import { Button } from '@mantine/core';
import { useCallback, useEffect, useState } from 'react';
import type { MachineConfigView } from '../../../src-contract/model/lifecycle.ts';
import type { Machine } from '../../../src-contract/model/machine.ts';
import { acceptChanges, machineConfig } from '../../bridge/commands.ts';
import { may } from '../../store/roles.ts';
import { useBerth } from '../../store/use-berth.ts';
import { formatDate } from '../../ui/format.ts';
import { report } from '../../ui/notify.ts';

function useConfig({ id, revision }: Machine) {
  const [config, setConfig] = useState<MachineConfigView | null>(null);
  const read = useCallback(async () => {
    const answer = await machineConfig(id);
    if (answer.ok) setConfig(answer.value);
  }, [id]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: a changed row is what makes it stale
  useEffect(() => {
    void read();
  }, [read, revision]);
  return { config, read };
}

type ChangesProps = { config: MachineConfigView; onAccept: (() => void) | null };

function Changes({ config, onAccept }: ChangesProps) {
  if (config.changes.length === 0) {
    return <p className="muted">Nobody but Berth has changed the definition.</p>;
  }
  const lines = config.changes.map(({ kind, text }) => `${kind === 'added' ? '+' : '-'} ${text}`);
  return (
    <section className="stack" aria-label="Changed outside Berth">
      <p>Another tool has changed the definition since Berth did:</p>
      <pre className="cause selectable" data-testid="outside-changes">
        {lines.join('\n')}
      </pre>
      {onAccept === null ? null : (
        <div className="row">
          <Button variant="default" onClick={onAccept}>
            Take it as it is
          </Button>
        </div>
      )}
    </section>
  );
}

/** What is saved of the machine's configuration, and what other tools have changed in it. */
export function Configuration({ machine }: { machine: Machine }) {
  const { config, read } = useConfig(machine);
  const editable = useBerth((state) => may(state, 'machines.acceptChanges', machine.departmentId));
  if (config === null)
    return <p className="muted">Nothing is saved yet; the next start does it.</p>;
  const accept = async () => {
    if (report(await acceptChanges(machine.id), 'The changes could not be taken over'))
      await read();
  };
  return (
    <div className="stack" data-testid="configuration">
      <dl className="facts">
        <dt>Saved</dt>
        <dd>{formatDate(config.savedAt)}</dd>
        <dt>Display</dt>
        <dd>
          {config.displayProtocol ?? 'none'}
          {config.displayEndpoint === null ? '' : ` at ${config.displayEndpoint}`}
          {config.hasPassword ? ', with a password' : ''}
        </dd>
        <dt>Devices of the host</dt>
        <dd>{config.hostDevices.length === 0 ? 'none' : config.hostDevices.join(', ')}</dd>
      </dl>
      <Changes config={config} onAccept={editable ? () => void accept() : null} />
    </div>
  );
}
