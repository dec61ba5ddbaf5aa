import { Button } from '@mantine/core';
import type { Template } from '../../../src-contract/model/template.ts';
import {
  archiveTemplate,
  deleteTemplate,
  duplicateTemplate,
  exportTemplates,
} from '../../bridge/template-commands.ts';
import { downloadJson } from '../../ui/download.ts';
import { formatBytes, formatCpus } from '../../ui/format.ts';
import { report } from '../../ui/notify.ts';
import { OsIcon } from '../../ui/OsIcon.tsx';
import { DeleteButton } from './DeleteButton.tsx';

async function save({ id }: Template): Promise<void> {
  const answer = await exportTemplates([id]);
  if (report(answer, 'The template could not be exported') && answer.ok) {
    downloadJson(`${id}.berth.json`, answer.value);
  }
}

type Props = { template: Template; editable: boolean; onEdit: (template: Template) => void };

function Actions({ template, editable, onEdit }: Props) {
  const { id, name, builtIn, active } = template;
  const action = (label: string, run: () => unknown) => (
    <Button size="xs" variant="default" aria-label={`${label} ${name}`} onClick={() => void run()}>
      {label}
    </Button>
  );
  const remove = async () => {
    report(await deleteTemplate(id), 'The template could not be deleted');
  };
  return (
    <div className="row template-actions">
      {editable && !builtIn ? action('Change', () => onEdit(template)) : null}
      {editable
        ? action('Duplicate', async () =>
            report(await duplicateTemplate(id), 'The template could not be duplicated'),
          )
        : null}
      {editable
        ? action(active ? 'Archive' : 'Activate', async () =>
            report(await archiveTemplate(id, active), 'The template could not be changed'),
          )
        : null}
      {action('Export', () => save(template))}
      {editable && !builtIn ? <DeleteButton name={name} onConfirm={remove} /> : null}
    </div>
  );
}

export function TemplateCard(props: Props) {
  const { template } = props;
  const { os, source, applications } = template;
  return (
    <li
      className="card card-pad stack"
      data-testid="template"
      data-template={template.id}
      data-active={template.active}
    >
      <div className="row">
        <OsIcon label={`${os.label} ${source.kind}`} />
        <h3 className="card-title ellipsis">{template.name}</h3>
        {template.builtIn ? <span className="tag">built in</span> : null}
        {template.active ? null : <span className="tag">archived</span>}
      </div>
      <p className="muted">{template.description}</p>
      <span className="muted tabular">
        {formatCpus(template.vcpus)} · {formatBytes(template.memoryBytes)} ·{' '}
        {template.diskBytes === 0 ? 'no disk' : formatBytes(template.diskBytes)} · {os.label}
        {applications.length === 0 ? '' : ` + ${applications.map(({ id }) => id).join(', ')}`}
      </span>
      <Actions {...props} />
    </li>
  );
}
