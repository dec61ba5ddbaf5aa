import { Button } from '@mantine/core';
import { type ComponentType, useState } from 'react';
import type { ErrorData } from '../../../src-contract/model/error.ts';
import type { Template } from '../../../src-contract/model/template.ts';
import { createTemplate, updateTemplate } from '../../bridge/template-commands.ts';
import { driversMedia } from '../../store/drivers-media.ts';
import { useBerthShallow } from '../../store/use-berth.ts';
import { ApplicationPicker } from '../../ui/ApplicationPicker.tsx';
import { ErrorPanel } from '../../ui/ErrorPanel.tsx';
import type { FieldProps } from './field-props.ts';
import { DeviceFields, MinimumFields, PolicyFields, SizeFields } from './HardwareFields.tsx';
import { ScriptFields } from './ScriptFields.tsx';
import { GeneralFields, SystemFields } from './SystemFields.tsx';
import { draftOf, EMPTY_TEMPLATE, formOf, problemsOf, type TemplateForm } from './template-form.ts';

function ApplicationFields({ form, patch }: FieldProps) {
  const applications = useBerthShallow((state) => state.applications);
  return (
    <div className="wide">
      <ApplicationPicker
        applications={applications}
        chosen={form.applications}
        onChange={(chosen) => patch({ applications: chosen })}
      />
    </div>
  );
}

const SECTIONS: readonly [string, ComponentType<FieldProps>][] = [
  ['General', GeneralFields],
  ['System', SystemFields],
  ['Size', SizeFields],
  ['Devices', DeviceFields],
  ['Network and placement', PolicyFields],
  ['What the system needs', MinimumFields],
  ['Applications', ApplicationFields],
  ['First-boot scripts', ScriptFields],
];

type Props = { template: Template | null; onDone: () => void };

/** Makes a template, or changes one of a person's own. */
export function TemplateEditor({ template, onDone }: Props) {
  const [form, setForm] = useState<TemplateForm>(
    template === null ? EMPTY_TEMPLATE : formOf(template),
  );
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<ErrorData | null>(null);
  // An empty form is not a mistake yet.
  const [touched, setTouched] = useState(false);
  const problems = problemsOf(form, useBerthShallow(driversMedia));
  const patch = (part: Partial<TemplateForm>) => {
    setTouched(true);
    setForm((old) => ({ ...old, ...part }));
  };
  const submit = async () => {
    setBusy(true);
    const fields = draftOf(form);
    const answer = await (template === null
      ? createTemplate(fields)
      : updateTemplate(template.id, fields));
    setBusy(false);
    setError(answer.ok ? null : answer.error);
    if (answer.ok) onDone();
  };
  const title = template === null ? 'New template' : `Change ${template.name}`;
  return (
    <form
      className="card card-pad stack"
      aria-label={title}
      data-testid="template-editor"
      onSubmit={(event) => {
        event.preventDefault();
        void submit();
      }}
    >
      <h2 className="card-title">{title}</h2>
      {SECTIONS.map(([name, Fields]) => (
        <fieldset key={name} className="template-section">
          <legend>{name}</legend>
          <div className="template-fields">
            <Fields form={form} problems={touched ? problems : {}} patch={patch} />
          </div>
        </fieldset>
      ))}
      {error ? <ErrorPanel {...error} fix={undefined} /> : null}
      <div className="row">
        <Button type="submit" loading={busy} disabled={Object.keys(problems).length > 0}>
          {template === null ? 'Make template' : 'Save'}
        </Button>
        <Button variant="default" onClick={onDone}>
          Cancel
        </Button>
        <span className="muted">{Object.values(problems)[0]}</span>
      </div>
    </form>
  );
}
