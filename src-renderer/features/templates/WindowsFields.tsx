import { answersWindows } from '../../../src-contract/model/unattended.ts';
import { windowsEditions } from '../../../src-contract/model/windows-editions.ts';
import { driversMedia } from '../../store/drivers-media.ts';
import { useBerthShallow } from '../../store/use-berth.ts';
import { DriversChoice } from '../../ui/DriversChoice.tsx';
import { EditionField } from '../../ui/EditionField.tsx';
import type { FieldProps } from './field-props.ts';

/** What only a Windows that Berth installs takes. */
export function WindowsFields({ form, problems, patch }: FieldProps) {
  const media = useBerthShallow(driversMedia);
  const { os, source } = form;
  if (source.kind !== 'installer' || !answersWindows(form)) return null;
  const { drivers: _, ...others } = source;
  const known = windowsEditions(os.osinfoId);
  return (
    <>
      <EditionField
        value={source.edition ?? ''}
        known={known}
        placeholder={known[0] ?? ''}
        error={problems.edition}
        onChange={(edition) => patch({ source: { ...source, edition } })}
      />
      <DriversChoice
        media={media}
        value={source.drivers}
        error={problems.drivers}
        onChange={(id) => patch({ source: id === undefined ? others : { ...others, drivers: id } })}
      />
    </>
  );
}
