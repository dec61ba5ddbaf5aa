import { Button } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { useState } from 'react';
import type { Application } from '../../../src-contract/model/application.ts';
import { deleteApplication } from '../../bridge/template-commands.ts';
import { useBerthShallow } from '../../store/use-berth.ts';
import { CodeBlock } from '../../ui/CodeBlock.tsx';
import { Disclosure } from '../../ui/Disclosure.tsx';
import { report } from '../../ui/notify.ts';
import { ApplicationEditor } from './ApplicationEditor.tsx';
import { DeleteButton } from './DeleteButton.tsx';
import { familiesText } from './families.ts';

type CardProps = { application: Application; editable: boolean; onEdit: () => void };

function Card({ application, editable, onEdit }: CardProps) {
  const { id, name, builtIn, description, commands, parameters } = application;
  const remove = async () => {
    report(await deleteApplication(id), 'The application could not be deleted');
  };
  return (
    <li className="card card-pad stack" data-testid="catalogue-entry" data-application={id}>
      <div className="row">
        <h2 className="card-title ellipsis">{name}</h2>
        {builtIn ? <span className="tag">built in</span> : null}
      </div>
      <p className="muted">
        {description} For {familiesText(commands)}.
        {parameters.length === 0
          ? ''
          : ` Parameters: ${parameters.map((one) => one.name).join(', ')}.`}
      </p>
      <Disclosure label={`Commands of ${name}`}>
        {() => (
          <CodeBlock
            label={`Commands of ${name}`}
            text={Object.entries(commands)
              .map(([family, command]) => `${family}: ${command}`)
              .join('\n')}
          />
        )}
      </Disclosure>
      {editable && !builtIn ? (
        <div className="row">
          <Button size="xs" variant="default" aria-label={`Change ${name}`} onClick={onEdit}>
            Change
          </Button>
          <DeleteButton name={name} onConfirm={remove} />
        </div>
      ) : null}
    </li>
  );
}

/** The catalogue of what guests can install at their first boot. */
export function ApplicationsPanel({ editable }: { editable: boolean }) {
  const applications = useBerthShallow((state) => state.applications);
  const [editing, setEditing] = useState<Application | 'new' | null>(null);
  return (
    <div className="stack">
      {editable && editing === null ? (
        <div className="row">
          <Button
            variant="default"
            leftSection={<IconPlus size={16} />}
            onClick={() => setEditing('new')}
          >
            New application
          </Button>
        </div>
      ) : null}
      {editing === null ? null : (
        <ApplicationEditor
          key={editing === 'new' ? '' : editing.id}
          application={editing === 'new' ? null : editing}
          onDone={() => setEditing(null)}
        />
      )}
      <ul className="template-shelf">
        {applications.map((application) => (
          <Card
            key={application.id}
            application={application}
            editable={editable}
            onEdit={() => setEditing(application)}
          />
        ))}
      </ul>
    </div>
  );
}
