import type { Media } from '../../../src-contract/model/media.ts';
import type { Template } from '../../../src-contract/model/template.ts';
import { answersWindows, wantsUnattended } from '../../../src-contract/model/unattended.ts';

export const MIB = 1024 ** 2;
export const GIB = 1024 ** 3;
/** What the answers of an installation cannot hold in a name. */
const UNPRINTABLE = /[\p{C}\p{Zl}\p{Zp}]/u;

/** What a person may say of a template. */
export type TemplateForm = Omit<Template, 'id' | 'builtIn'>;

export type Patch = (part: Partial<TemplateForm>) => void;

export const EMPTY_TEMPLATE: TemplateForm = {
  name: '',
  description: '',
  os: { family: 'linux', label: 'Linux' },
  source: { kind: 'image', mediaId: null },
  vcpus: 2,
  memoryBytes: 2 * GIB,
  diskBytes: 20 * GIB,
  firmware: 'uefi',
  tpm: false,
  video: 'virtio',
  audio: false,
  network: { kind: 'auto' },
  login: 'cloud-init',
  readiness: 'progress',
  active: true,
  typicalSeconds: 60,
  categoryId: 'other',
  cpuPolicy: 'none',
  hugepages: 'none',
  extraDisks: [],
  applications: [],
  firstBootScripts: [],
  minimum: { vcpus: 0, memoryBytes: 0, diskBytes: 0 },
  needsKvm: false,
  infiniService: false,
  acceleration3d: false,
  patienceMinutes: null,
};

export function formOf({ id: _, builtIn: __, ...form }: Template): TemplateForm {
  return form;
}

/** A source with the login and the proof of readiness that fit it. */
export function withSource(kind: Template['source']['kind']): Partial<TemplateForm> {
  switch (kind) {
    case 'image':
      return { source: { kind, mediaId: null }, login: 'cloud-init', readiness: 'progress' };
    case 'installer':
      return {
        source: { kind, mediaId: null, unattended: true },
        login: 'none',
        readiness: 'progress',
      };
    case 'tryout':
      return { source: { kind }, login: 'none', readiness: 'progress', diskBytes: 0 };
    case 'blank':
      return { source: { kind }, login: 'none', readiness: 'none' };
  }
}

/** As it is saved: without what only spaces say, and without what only another kind of system has. */
export function draftOf(form: TemplateForm): TemplateForm {
  return {
    ...form,
    name: form.name.trim(),
    source: sourceOf(form),
    patienceMinutes: wantsUnattended(form) ? form.patienceMinutes : null,
  };
}

function sourceOf({ source, os }: TemplateForm): Template['source'] {
  if (source.kind !== 'installer') return source;
  const { edition = '', drivers, ...others } = source;
  if (!answersWindows({ source, os })) return others;
  return {
    ...others,
    ...(edition.trim() !== '' && { edition: edition.trim() }),
    ...(drivers !== undefined && { drivers }),
  };
}

type Field = 'name' | 'label' | 'edition' | 'drivers' | 'diskBytes' | 'network' | 'scripts';
type Problems = Partial<Record<Field, string>>;

/** What is wrong, by field; nothing = it can be saved. `media` are those with virtio drivers. */
export function problemsOf(form: TemplateForm, media: readonly Pick<Media, 'id'>[]): Problems {
  const { network, source } = form;
  return {
    ...(form.name.trim() === '' && { name: 'A template needs a name.' }),
    ...(form.os.label.trim() === '' && { label: 'Say what system it is.' }),
    ...(source.kind !== 'tryout' && form.diskBytes === 0 && { diskBytes: 'It needs a disk.' }),
    ...(answersWindows(form) && windowsProblems(form.source, media)),
    ...('name' in network && network.name.trim() === '' && { network: 'Which one?' }),
    ...(form.firstBootScripts.some((one) => one.name.trim() === '' || one.content === '') && {
      scripts: 'Each script needs a name and a content.',
    }),
  };
}

function windowsProblems(source: Template['source'], media: readonly Pick<Media, 'id'>[]) {
  if (source.kind !== 'installer') return {};
  const { edition = '', drivers = 'none' } = source;
  return {
    ...(UNPRINTABLE.test(edition) && { edition: 'An edition is one line of text.' }),
    ...(drivers !== 'none' &&
      media.every(({ id }) => id !== drivers) && {
        drivers: 'The medium with virtio drivers is not in the library.',
      }),
  };
}

export function matches({ name, description, os, id }: Template, search: string): boolean {
  const words = search.trim().toLowerCase();
  return `${id} ${name} ${description} ${os.label}`.toLowerCase().includes(words);
}
