import { Button, NumberInput, Textarea, TextInput } from '@mantine/core';
import { useState } from 'react';
import type { Application } from '../../../src-contract/model/application.ts';
import type { ErrorData } from '../../../src-contract/model/error.ts';
import { saveApplication } from '../../bridge/template-commands.ts';
import { ErrorPanel } from '../../ui/ErrorPanel.tsx';
import { FAMILIES, FAMILY_NAMES } from './families.ts';

const EMPTY: Application = {
  id: '',
  name: '',
  description: '',
  commands: {},
  parameters: [],
  timeoutSeconds: 900,
  builtIn: false,
};

/** `name=default` a line; what cannot be a name is refused by the main process. */
const parametersText = ({ parameters }: Application): string =>
  parameters.map((one) => `${one.name}=${one.default}`).join('\n');

function parseParameters(text: string, before: Application): Application['parameters'] {
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .map((line) => {
      const [name = '', ...rest] = line.split('=');
      const old = before.parameters.find((one) => one.name === name.trim());
      const value = rest.join('=').trim();
      return { label: name.trim(), pattern: null, ...old, name: name.trim(), default: value };
    });
}

type FieldsProps = {
  form: Application;
  fresh: boolean;
  patch: (part: Partial<Application>) => void;
};

function Fields({ form, fresh, patch }: FieldsProps) {
  return (
    <div className="template-fields">
      <TextInput
        label="Name"
        value={form.name}
        maxLength={80}
        onChange={(event) => patch({ name: event.currentTarget.value })}
      />
      <TextInput
        label="Id"
        placeholder="lower-case, such as my-tool"
        value={form.id}
        maxLength={63}
        disabled={!fresh}
        spellCheck={false}
        onChange={(event) => patch({ id: event.currentTarget.value })}
      />
      <TextInput
        label="What it is"
        value={form.description}
        maxLength={400}
        onChange={(event) => patch({ description: event.currentTarget.value })}
      />
      <NumberInput
        label="Time limit"
        suffix=" s"
        min={10}
        max={14_400}
        value={form.timeoutSeconds}
        onChange={(value) => {
          if (typeof value === 'number') patch({ timeoutSeconds: value });
        }}
      />
      {FAMILIES.map((family) => (
        <Textarea
          key={family}
          label={`Command for ${FAMILY_NAMES[family]}`}
          value={form.commands[family] ?? ''}
          maxLength={4000}
          autosize
          spellCheck={false}
          onChange={(event) => {
            const { [family]: _, ...others } = form.commands;
            const text = event.currentTarget.value;
            patch({ commands: text === '' ? others : { ...others, [family]: text } });
          }}
        />
      ))}
    </div>
  );
}

type Props = { application: Application | null; onDone: () => void };

/** Makes an entry of the catalogue, or changes one of a person's own. */
export function ApplicationEditor({ application, onDone }: Props) {
  const before = application ?? EMPTY;
  const [form, setForm] = useState(before);
  const [parameters, setParameters] = useState(parametersText(before));
  const [error, setError] = useState<ErrorData | null>(null);
  const empty = form.name.trim() === '' || Object.keys(form.commands).length === 0;
  const submit = async () => {
    const answer = await saveApplication({
      ...form,
      parameters: parseParameters(parameters, before),
    });
    setError(answer.ok ? null : answer.error);
    if (answer.ok) onDone();
  };
  return (
    <form
      className="card card-pad stack"
      aria-label={application === null ? 'New application' : `Change ${application.name}`}
      data-testid="application-editor"
      onSubmit={(event) => {
        event.preventDefault();
        void submit();
      }}
    >
      <h2 className="card-title">
        {application === null ? 'New application' : `Change ${application.name}`}
      </h2>
      <Fields
        form={form}
        fresh={application === null}
        patch={(part) => setForm((old) => ({ ...old, ...part }))}
      />
      <Textarea
        label="Parameters"
        description="name=default, one a line; a command finds dataDir as $BERTH_DATA_DIR"
        value={parameters}
        autosize
        spellCheck={false}
        onChange={(event) => setParameters(event.currentTarget.value)}
      />
      {error ? <ErrorPanel {...error} fix={undefined} /> : null}
      <div className="row">
        <Button type="submit" disabled={empty}>
          {application === null ? 'Make application' : 'Save'}
        </Button>
        <Button variant="default" onClick={onDone}>
          Cancel
        </Button>
      </div>
    </form>
  );
}
