import { Button, Select, TextInput } from '@mantine/core';
import { useState } from 'react';
import type { Department, Quota } from '../../../src-contract/model/department.ts';
import type { ErrorData } from '../../../src-contract/model/error.ts';
import { FILTER_PRESETS } from '../../../src-contract/model/filter.ts';
import { createDepartment, setQuota, updateDepartment } from '../../bridge/commands.ts';
import { ErrorPanel } from '../../ui/ErrorPanel.tsx';
import {
  changeOf,
  type DepartmentForm,
  EMPTY_FORM,
  formOf,
  formProblem,
  isSize,
  parseLimit,
  quotaOf,
} from './department-form.ts';
import { PRESET_LABELS, RESOURCE_LABELS } from './labels.ts';

const NETWORKS = [
  { value: 'none', label: 'What each template says' },
  { value: 'nat', label: 'A network of its own (NAT)' },
  { value: 'isolated', label: 'A network of its own, isolated' },
  { value: 'existing', label: 'A network of this host' },
] as const;

const PRESETS = FILTER_PRESETS.map((value) => ({ value, label: PRESET_LABELS[value] }));
const RESOURCES = ['machines', 'vcpus', 'memoryBytes', 'diskBytes', 'gpus'] as const;

type FieldProps = { form: DepartmentForm; patch: (part: Partial<DepartmentForm>) => void };

function GeneralFields({ form, patch }: FieldProps) {
  return (
    <>
      <TextInput
        label="Name"
        value={form.name}
        maxLength={64}
        autoFocus
        onChange={(event) => patch({ name: event.currentTarget.value })}
      />
      <TextInput
        label="Description"
        value={form.description}
        maxLength={400}
        onChange={(event) => patch({ description: event.currentTarget.value })}
      />
      <Select
        label="Network"
        allowDeselect={false}
        value={form.network}
        data={NETWORKS.map((item) => ({ ...item }))}
        onChange={(value) => {
          const chosen = NETWORKS.find((item) => item.value === value);
          if (chosen) patch({ network: chosen.value });
        }}
      />
      {form.network === 'existing' ? (
        <TextInput
          label="Network name"
          value={form.networkName}
          spellCheck={false}
          onChange={(event) => patch({ networkName: event.currentTarget.value })}
        />
      ) : null}
      <Select
        label="Traffic that is let through"
        allowDeselect={false}
        value={form.preset}
        data={PRESETS}
        onChange={(value) => {
          const chosen = FILTER_PRESETS.find((preset) => preset === value);
          if (chosen) patch({ preset: chosen });
        }}
      />
    </>
  );
}

function LimitFields({ form, patch }: FieldProps) {
  const field = (resource: keyof Quota) => (
    <TextInput
      key={resource}
      label={isSize(resource) ? `${RESOURCE_LABELS[resource]} (GiB)` : RESOURCE_LABELS[resource]}
      placeholder="no limit"
      inputMode="decimal"
      value={form.limits[resource]}
      error={
        parseLimit(resource, form.limits[resource]) === undefined ? 'A number, or nothing.' : null
      }
      onChange={(event) =>
        patch({ limits: { ...form.limits, [resource]: event.currentTarget.value } })
      }
    />
  );
  return (
    <fieldset className="limits">
      <legend>Limits</legend>
      <div className="limit-fields">{RESOURCES.map(field)}</div>
    </fieldset>
  );
}

/** Stores what the form changes; the error of the first call that fails. */
async function save(
  form: DepartmentForm,
  before: Department | null,
  mayLimit: boolean,
): Promise<ErrorData | null> {
  const change = changeOf(form, before);
  const quota = quotaOf(form);
  if (before === null) {
    const answer = await createDepartment({ ...change, name: form.name.trim(), quota });
    return answer.ok ? null : answer.error;
  }
  if (Object.keys(change).length > 0) {
    const answer = await updateDepartment(before.id, change);
    if (!answer.ok) return answer.error;
  }
  if (!mayLimit || JSON.stringify(quota) === JSON.stringify(before.quota)) return null;
  const answer = await setQuota(before.id, quota);
  return answer.ok ? null : answer.error;
}

type Props = { department: Department | null; mayLimit: boolean; onDone: () => void };

/** Makes a department, or changes one. */
export function Editor({ department, mayLimit, onDone }: Props) {
  const [form, setForm] = useState(department === null ? EMPTY_FORM : formOf(department));
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<ErrorData | null>(null);
  const patch = (part: Partial<DepartmentForm>) => setForm((old) => ({ ...old, ...part }));
  const submit = async () => {
    setBusy(true);
    const failure = await save(form, department, mayLimit);
    setBusy(false);
    setError(failure);
    if (failure === null) onDone();
  };
  return (
    <form
      className="department-editor stack"
      aria-label={department === null ? 'New department' : `Change ${department.name}`}
      data-testid="department-editor"
      onSubmit={(event) => {
        event.preventDefault();
        void submit();
      }}
    >
      <div className="department-fields">
        <GeneralFields form={form} patch={patch} />
      </div>
      {mayLimit ? <LimitFields form={form} patch={patch} /> : null}
      {error ? <ErrorPanel {...error} fix={undefined} /> : null}
      <div className="row">
        <Button type="submit" loading={busy} disabled={formProblem(form) !== null}>
          {department === null ? 'Make department' : 'Save'}
        </Button>
        <Button variant="default" onClick={onDone}>
          Cancel
        </Button>
        <span className="muted">{formProblem(form)}</span>
      </div>
    </form>
  );
}
