import { NumberInput, Textarea, TextInput } from '@mantine/core';
import {
  PATIENCE_MINUTES,
  PATIENCE_MINUTES_MAX,
} from '../../../src-contract/model/installer-patience.ts';
import type { Template } from '../../../src-contract/model/template.ts';
import { wantsUnattended } from '../../../src-contract/model/unattended.ts';
import { useBerth, useBerthShallow } from '../../store/use-berth.ts';
import { Choice } from '../../ui/Choice.tsx';
import type { FieldProps } from './field-props.ts';
import { withSource } from './template-form.ts';
import { WindowsFields } from './WindowsFields.tsx';

const FAMILIES = [
  { value: 'linux', label: 'Linux' },
  { value: 'windows', label: 'Windows' },
  { value: 'other', label: 'Other' },
] as const;

const SOURCES = [
  { value: 'image', label: 'A disk image' },
  { value: 'installer', label: 'An installation medium' },
  { value: 'tryout', label: 'The try-out Linux' },
  { value: 'blank', label: 'Nothing: an empty disk' },
] as const;

const WHEN_CREATING = '-';

export function GeneralFields({ form, problems, patch }: FieldProps) {
  const categories = useBerthShallow((state) => state.categories);
  return (
    <>
      <TextInput
        label="Name"
        value={form.name}
        maxLength={80}
        error={problems.name}
        onChange={(event) => patch({ name: event.currentTarget.value })}
      />
      <Choice
        label="Category"
        value={form.categoryId}
        items={categories.map(({ id, name }) => ({ value: id, label: name }))}
        onChange={(categoryId) => patch({ categoryId })}
      />
      <Textarea
        className="wide"
        label="Description"
        value={form.description}
        maxLength={400}
        autosize
        onChange={(event) => patch({ description: event.currentTarget.value })}
      />
    </>
  );
}

export function SystemFields(props: FieldProps) {
  const { form, problems, patch } = props;
  const { os, source } = form;
  return (
    <>
      <Choice
        label="Kind of system"
        value={os.family}
        items={FAMILIES}
        onChange={(family) => patch({ os: { ...os, family } })}
      />
      <TextInput
        label="System"
        value={os.label}
        maxLength={80}
        error={problems.label}
        onChange={(event) => patch({ os: { ...os, label: event.currentTarget.value } })}
      />
      <TextInput
        label="Short id (osinfo)"
        placeholder="debian12, win11 …"
        value={os.osinfoId ?? ''}
        spellCheck={false}
        onChange={(event) => {
          const { osinfoId: _, ...others } = os;
          const text = event.currentTarget.value.trim();
          patch({ os: text === '' ? others : { ...others, osinfoId: text } });
        }}
      />
      <Choice
        label="Comes from"
        value={source.kind}
        items={SOURCES}
        onChange={(kind) => patch(withSource(kind))}
      />
      <MediaField source={source} onChange={(next) => patch({ source: next })} />
      <WindowsFields {...props} />
      <NumberInput
        label="Usually ready after"
        suffix=" s"
        min={1}
        max={86_400}
        value={form.typicalSeconds}
        onChange={(value) => {
          if (typeof value === 'number' && value > 0) patch({ typicalSeconds: value });
        }}
      />
      <PatienceField {...props} />
    </>
  );
}

type Source = Template['source'];

function MediaField({ source, onChange }: { source: Source; onChange: (next: Source) => void }) {
  const media = useBerthShallow((state) => [...state.media.values()]);
  if (!('mediaId' in source)) return null;
  const items = [
    { value: WHEN_CREATING, label: 'Chosen when creating' },
    ...media.map(({ id, name }) => ({ value: id, label: name })),
  ];
  return (
    <Choice
      label="Which"
      value={source.mediaId ?? WHEN_CREATING}
      items={items}
      onChange={(value) => onChange({ ...source, mediaId: value === WHEN_CREATING ? null : value })}
    />
  );
}

/** How long its installer may be silent before it is told as stalled. */
function PatienceField({ form, patch }: FieldProps) {
  const { source, os, patienceMinutes } = form;
  const mediaId = 'mediaId' in source ? source.mediaId : null;
  const family = useBerth((state) => state.media.get(mediaId ?? '')?.installer?.family);
  if (!wantsUnattended(form)) return null;
  const usual = PATIENCE_MINUTES[family ?? (os.family === 'windows' ? 'windows' : 'unknown')];
  return (
    <NumberInput
      label="Stalled after silence of"
      description="On KVM; an emulated machine gets more"
      placeholder={`${usual} min`}
      suffix=" min"
      min={1}
      max={PATIENCE_MINUTES_MAX}
      clampBehavior="strict"
      allowDecimal={false}
      allowNegative={false}
      value={patienceMinutes ?? ''}
      onChange={(value) => {
        if (value === '') patch({ patienceMinutes: null });
        else if (typeof value === 'number' && value >= 1) patch({ patienceMinutes: value });
      }}
    />
  );
}
