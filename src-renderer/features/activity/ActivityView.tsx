import './activity.css';
import { Tabs } from '@mantine/core';
import { PageHeader } from '../../ui/PageHeader.tsx';
import { AuditPanel } from './AuditPanel.tsx';
import { CreationHistory } from './CreationHistory.tsx';
import { MetricsPanel } from './MetricsPanel.tsx';

/** What happened here: creations with their times, figures over weeks, and who did what. */
export function ActivityView() {
  return (
    <div className="page" data-testid="activity-page">
      <PageHeader title="Activity" subtitle="What was made, how long it took, and who did what" />
      <div className="page-body">
        <Tabs defaultValue="history" keepMounted={false} className="page-width">
          <Tabs.List aria-label="Activity">
            <Tabs.Tab value="history">Creations</Tabs.Tab>
            <Tabs.Tab value="metrics">Metrics</Tabs.Tab>
            <Tabs.Tab value="audit">Audit</Tabs.Tab>
          </Tabs.List>
          <Tabs.Panel value="history" pt="md">
            <CreationHistory />
          </Tabs.Panel>
          <Tabs.Panel value="metrics" pt="md">
            <MetricsPanel />
          </Tabs.Panel>
          <Tabs.Panel value="audit" pt="md">
            <AuditPanel />
          </Tabs.Panel>
        </Tabs>
      </div>
    </div>
  );
}
