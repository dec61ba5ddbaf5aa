import { PasswordInput, Select, TextInput } from '@mantine/core';
import { useBerthShallow } from '../../store/use-berth.ts';
import { fieldError, type SectionProps } from './section-props.ts';

const NEWEST = '-';
const NONE = 'none';

/** What only Windows asks for: its key, its edition, and the drivers without which it sees no virtio disk. */
export function WindowsFields({ form, template, findings, patch }: SectionProps) {
  const media = useBerthShallow((state) => [...state.media.values()]);
  const drivers = media.filter(({ installer }) => installer?.family === 'drivers');
  const { edition, driversMediaId, ...others } = form.overrides;
  const own = template.source.kind === 'installer' ? template.source : null;
  const change = (next: { edition?: string; driversMediaId?: string }) => {
    const { edition: name = '', driversMediaId: id } = { edition, driversMediaId, ...next };
    patch({
      overrides: {
        ...others,
        ...(name !== '' && { edition: name }),
        ...(id !== undefined && id !== NEWEST && { driversMediaId: id }),
      },
    });
  };
  return (
    <div className="fields">
      <PasswordInput
        label="Product key"
        placeholder="None: activate it later"
        autoComplete="off"
        spellCheck={false}
        maxLength={64}
        value={form.productKey}
        error={form.productKey === '' ? null : fieldError(findings, 'productKey')}
        onChange={(event) => patch({ productKey: event.currentTarget.value })}
        data-testid="product-key"
      />
      <TextInput
        label="Edition"
        placeholder={own?.edition ?? 'The usual one'}
        spellCheck={false}
        maxLength={100}
        value={edition ?? ''}
        onChange={(event) => change({ edition: event.currentTarget.value })}
        data-testid="edition"
      />
      <Select
        label="Virtio drivers"
        allowDeselect={false}
        value={driversMediaId ?? own?.drivers ?? NEWEST}
        data={[
          { value: NEWEST, label: 'The newest medium of the library' },
          ...drivers.map(({ id, name }) => ({ value: id, label: name })),
          { value: NONE, label: 'None: SATA and e1000e' },
        ]}
        error={fieldError(findings, 'overrides.driversMediaId')}
        onChange={(id) => {
          if (id !== null) change({ driversMediaId: id });
        }}
        data-testid="drivers"
      />
    </div>
  );
}
