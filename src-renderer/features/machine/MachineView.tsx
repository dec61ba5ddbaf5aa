import './machine.css';
import { Tabs } from '@mantine/core';
import { IconHelp } from '@tabler/icons-react';
import { lazy, Suspense } from 'react';
import type { Machine } from '../../../src-contract/model/machine.ts';
import { machineBadge } from '../../store/labels.ts';
import { useBerth } from '../../store/use-berth.ts';
import { EmptyState } from '../../ui/EmptyState.tsx';
import { ErrorPanel } from '../../ui/ErrorPanel.tsx';
import { href } from '../../ui/navigation.ts';
import { PageHeader } from '../../ui/PageHeader.tsx';
import { StateBadge } from '../../ui/StateBadge.tsx';
import { TaskResults } from '../../ui/TaskResults.tsx';
import { Configuration } from './Configuration.tsx';
import { MachineActions } from './MachineActions.tsx';
import { MachineScreen } from './MachineScreen.tsx';
import { Summary } from './Summary.tsx';
import { useDetails } from './use-details.ts';

const Devices = lazy(() => import('./Devices.tsx').then((m) => ({ default: m.Devices })));
const CodeBlock = lazy(() =>
  import('../../ui/CodeBlock.tsx').then((m) => ({ default: m.CodeBlock })),
);

function DetailTabs({ machine }: { machine: Machine }) {
  const { details, error, readAgain } = useDetails(machine);
  if (error) return <ErrorPanel {...error} fix={undefined} />;
  return (
    <Tabs defaultValue="devices" keepMounted={false}>
      <Tabs.List>
        <Tabs.Tab value="devices">Devices</Tabs.Tab>
        {machine.origin === 'berth' ? (
          <Tabs.Tab value="configuration">Configuration</Tabs.Tab>
        ) : null}
        <Tabs.Tab value="xml">Domain XML</Tabs.Tab>
      </Tabs.List>
      <Suspense fallback={null}>
        <Tabs.Panel value="devices" className="machine-tabs">
          {details ? <Devices machine={machine} details={details} onChange={readAgain} /> : null}
        </Tabs.Panel>
        <Tabs.Panel value="configuration" className="machine-tabs">
          <Configuration machine={machine} />
        </Tabs.Panel>
        <Tabs.Panel value="xml" className="machine-tabs">
          {details ? <CodeBlock text={details.domainXml} label="Domain XML" /> : null}
        </Tabs.Panel>
      </Suspense>
    </Tabs>
  );
}

function FirstBoot({ machineId }: { machineId: string }) {
  const creation = useBerth((state) =>
    [...state.creations.values()].find((one) => one.machineId === machineId),
  );
  return <TaskResults results={creation?.applications ?? []} />;
}

/** One machine: what it is, how it is, and what can be done with it. */
export function MachineView({ machineId }: { machineId: string }) {
  const machine = useBerth((state) => state.machines.get(machineId));
  if (!machine) {
    return (
      <EmptyState
        icon={<IconHelp size={36} stroke={1.6} />}
        title="This machine is gone"
        actions={<a href={href.library()}>Back to the machines</a>}
      >
        It was deleted here or by another tool.
      </EmptyState>
    );
  }
  return (
    <div className="page" data-testid="machine-page" data-power={machine.power}>
      <PageHeader
        title={machine.name}
        subtitle={machine.osLabel ?? 'Unknown system'}
        back={{ to: href.library(), label: 'Back to the machines' }}
      >
        <StateBadge {...machineBadge(machine)} />
        <MachineActions machine={machine} />
      </PageHeader>
      <div className="page-body">
        <div className="page-width machine">
          <div className="machine-main">
            <Summary machine={machine} />
            <FirstBoot machineId={machine.id} />
            <section className="card card-pad" aria-label="Details">
              <DetailTabs machine={machine} />
            </section>
          </div>
          <div className="machine-side">
            <MachineScreen machine={machine} />
          </div>
        </div>
      </div>
    </div>
  );
}
