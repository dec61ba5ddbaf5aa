import './templates.css';
import { Button, Tabs } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { useState } from 'react';
import type { Template } from '../../../src-contract/model/template.ts';
import { may } from '../../store/roles.ts';
import { useBerth } from '../../store/use-berth.ts';
import { PageHeader } from '../../ui/PageHeader.tsx';
import { ApplicationsPanel } from './ApplicationsPanel.tsx';
import { CategoriesPanel } from './CategoriesPanel.tsx';
import { TemplateEditor } from './TemplateEditor.tsx';
import { TemplateGallery } from './TemplateGallery.tsx';
import { Transfer } from './Transfer.tsx';

/** What machines are made from. */
export function TemplatesView() {
  const editable = useBerth((state) => may(state, 'templates.update'));
  const mayRestore = useBerth((state) => may(state, 'templates.restore'));
  const [editing, setEditing] = useState<Template | 'new' | null>(null);
  return (
    <div className="page" data-testid="templates-page">
      <PageHeader title="Templates" subtitle="What machines are made from">
        {editable && editing === null ? (
          <Button leftSection={<IconPlus size={16} />} onClick={() => setEditing('new')}>
            New template
          </Button>
        ) : null}
      </PageHeader>
      <div className="page-body">
        <div className="page-width stack">
          {editing === null ? null : (
            <TemplateEditor
              key={editing === 'new' ? '' : editing.id}
              template={editing === 'new' ? null : editing}
              onDone={() => setEditing(null)}
            />
          )}
          <Tabs defaultValue="templates" keepMounted={false}>
            <Tabs.List>
              <Tabs.Tab value="templates">Templates</Tabs.Tab>
              <Tabs.Tab value="applications">Applications</Tabs.Tab>
              <Tabs.Tab value="categories">Categories</Tabs.Tab>
            </Tabs.List>
            <Tabs.Panel value="templates" pt="md">
              <div className="stack">
                <TemplateGallery editable={editable} onEdit={setEditing} />
                {editable ? <Transfer mayRestore={mayRestore} /> : null}
              </div>
            </Tabs.Panel>
            <Tabs.Panel value="applications" pt="md">
              <ApplicationsPanel editable={editable} />
            </Tabs.Panel>
            <Tabs.Panel value="categories" pt="md">
              <CategoriesPanel editable={editable} />
            </Tabs.Panel>
          </Tabs>
        </div>
      </div>
    </div>
  );
}
