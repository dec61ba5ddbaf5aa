import { type Dispatch, type SetStateAction, useEffect, useState } from 'react';
import type { Media } from '../../../src-contract/model/media.ts';
import type { Template } from '../../../src-contract/model/template.ts';
import { berthStore } from '../../store/berth-store.ts';
import { nextFreeName } from '../../store/names.ts';
import { may } from '../../store/roles.ts';
import type { BerthState } from '../../store/state.ts';
import { type CreateForm, emptyForm, formFromInput, setField } from './form-model.ts';

/** Forms left without creating, by template, while the window lives. No secret is among them. */
const drafts = new Map<string, CreateForm>();

function initialForm(template: Template, retryOf: string | null, mended: boolean): CreateForm {
  const state = berthStore.getState();
  const earlier = retryOf === null ? undefined : state.creations.get(retryOf);
  if (earlier) {
    const form = formFromInput(earlier.input, state.sshKeys);
    const fix = earlier.error?.fix;
    return mended && fix?.action === 'set-field' ? setField(form, fix) : form;
  }
  const name = nextFreeName(template.name, state);
  const draft = drafts.get(template.id);
  const form = draft ? { ...draft, name } : emptyForm(name, state.defaultUser, state.sshKeys);
  const departmentId = departmentFor(form.departmentId, state);
  return withImage({ ...form, departmentId }, template, [...state.media.values()]);
}

/** The one in the form, as long as the person may make machines in it; else the first in which they may. */
function departmentFor(wanted: string, state: BerthState): string {
  const possible = [...state.departments.keys()].filter((id) => may(state, 'creations.start', id));
  return possible.find((id) => id === wanted) ?? possible[0] ?? wanted;
}

/** The newest image that is ready, unless the template or the person has chosen one that is still there. */
function withImage(form: CreateForm, { source }: Template, images: readonly Media[]): CreateForm {
  if ((source.kind !== 'image' && source.kind !== 'installer') || source.mediaId !== null) {
    return form;
  }
  const kind = source.kind === 'image' ? 'image' : 'iso';
  const { mediaId: chosen, ...overrides } = form.overrides;
  if (images.some(({ id }) => id === chosen)) return form;
  const [newest] = images
    .filter((one) => one.state === 'ready' && one.kind === kind)
    .filter(({ installer }) => installer?.family !== 'drivers')
    .sort((a, b) => b.addedAt - a.addedAt);
  return { ...form, overrides: newest ? { ...overrides, mediaId: newest.id } : overrides };
}

/** The form's state; hardware and account choices are found again when the page is left and reopened. */
export function useCreateForm(
  template: Template,
  retryOf: string | null,
  mended: boolean,
): [CreateForm, Dispatch<SetStateAction<CreateForm>>] {
  const [form, setForm] = useState(() => initialForm(template, retryOf, mended));
  useEffect(() => {
    if (retryOf === null) drafts.set(template.id, { ...form, password: '', productKey: '' });
  }, [form, template.id, retryOf]);
  return [form, setForm];
}
