import { PasswordInput } from '@mantine/core';
import { windowsEditions } from '../../../src-contract/model/windows-editions.ts';
import { driversMedia } from '../../store/drivers-media.ts';
import { useBerthShallow } from '../../store/use-berth.ts';
import { DriversChoice } from '../../ui/DriversChoice.tsx';
import { EditionField } from '../../ui/EditionField.tsx';
import { fieldError, type SectionProps } from './section-props.ts';

/** What only Windows asks for: its key, its edition, and the drivers without which it sees no virtio disk. */
export function WindowsFields({ form, template, findings, patch }: SectionProps) {
  const media = useBerthShallow(driversMedia);
  const { edition, driversMediaId, ...others } = form.overrides;
  const own = template.source.kind === 'installer' ? template.source : null;
  const change = (next: { edition?: string; driversMediaId?: string | undefined }) => {
    const { edition: name = '', driversMediaId: id } = { edition, driversMediaId, ...next };
    patch({
      overrides: {
        ...others,
        ...(name !== '' && { edition: name }),
        ...(id !== undefined && { driversMediaId: id }),
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
      <EditionField
        value={edition ?? ''}
        known={windowsEditions(template.os.osinfoId)}
        placeholder={own?.edition ?? 'The usual one'}
        onChange={(name) => change({ edition: name })}
      />
      <DriversChoice
        media={media}
        value={driversMediaId ?? own?.drivers}
        error={fieldError(findings, 'overrides.driversMediaId')}
        onChange={(id) => change({ driversMediaId: id })}
      />
    </div>
  );
}
