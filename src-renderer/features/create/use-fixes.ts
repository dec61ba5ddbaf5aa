import type { Dispatch, SetStateAction } from 'react';
import type { Fix } from '../../../src-contract/model/error.ts';
import { addMedia, applyFix, pickMedia } from '../../bridge/commands.ts';
import type { FixOffer } from '../../ui/FindingRow.tsx';
import { report } from '../../ui/notify.ts';
import { type CreateForm, setField } from './form-model.ts';

type Update = Dispatch<SetStateAction<CreateForm>>;

/** Asks for a file and imports it; the image's id, null when the person closed the dialog or it failed. */
export async function addImage(): Promise<string | null> {
  const picked = await pickMedia();
  if (!report(picked, 'The file dialog could not be opened')) return null;
  if (!picked.ok || picked.value === null) return null;
  const added = await addMedia(picked.value);
  report(added, 'The image could not be added');
  return added.ok ? added.value.id : null;
}

/** Turns remedies into buttons: some change the form, some are main's to do, some are the person's. */
export function useFixes(update: Update, planAgain: () => void) {
  return (fix: Fix | undefined): FixOffer | undefined => {
    if (!fix) return undefined;
    switch (fix.action) {
      case 'run-command':
        return { label: 'Copy', command: fix.command };
      case 'set-field':
        return { label: fix.label, run: () => update((form) => setField(form, fix)) };
      case 'add-media':
        return {
          label: fix.label,
          run: async () => {
            const mediaId = await addImage();
            if (mediaId !== null)
              update((form) => ({ ...form, overrides: { ...form.overrides, mediaId } }));
          },
        };
      default:
        return {
          label: fix.label,
          run: async () => {
            report(await applyFix(fix), `${fix.label} did not work`);
            planAgain();
          },
        };
    }
  };
}
