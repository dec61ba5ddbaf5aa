import type { Finding } from '../../../../src-contract/model/error.ts';
import type { Media } from '../../../../src-contract/model/media.ts';
import type { Template } from '../../../../src-contract/model/template.ts';
import { installMode } from '../../domain/installer.ts';
import { formatBytes } from '../../domain/resources.ts';
import type { Check } from './check-input.ts';

const ADD_MEDIA = { action: 'add-media', label: 'Add an image' } as const;

export function checkTemplate(id: string, template: Template | null): Finding[] {
  if (template === null) {
    return [
      {
        code: 'template_missing',
        severity: 'error',
        message: `There is no template “${id}”.`,
        hint: 'Choose one from the gallery, or list them with: berth templates list',
        field: 'templateId',
      },
    ];
  }
  if (template.active) return [];
  return [
    {
      code: 'template_inactive',
      severity: 'error',
      message: `The template “${template.name}” is not active.`,
      hint: 'Activate it, or choose another one.',
      field: 'templateId',
    },
  ];
}

export const checkMinimum: Check = ({ wish }) => {
  const { minimum } = wish.template;
  const text = (field: string, value: number) =>
    field === 'vcpus' ? `${value} CPUs` : formatBytes(value);
  const needs = [
    ['vcpus', wish.vcpus, minimum.vcpus],
    ['memoryBytes', wish.memoryBytes, minimum.memoryBytes],
    ['diskBytes', wish.diskBytes, minimum.diskBytes],
  ] as const;
  const what = { vcpus: 'CPUs', memoryBytes: 'memory', diskBytes: 'disk' };
  return needs
    .filter(([, given, least]) => given < least)
    .map(([name, given, least]): Finding => {
      const field = `overrides.${name}`;
      return {
        code: 'template_minimum',
        severity: 'error',
        message: `${wish.template.os.label} needs ${text(name, least)} at least; it is given ${text(name, given)}.`,
        hint: `Give it more ${what[name]}.`,
        field,
        fix: { action: 'set-field', label: `Use ${text(name, least)}`, field, value: least },
      };
    });
};

export const checkTemplateKvm: Check = ({ wish, facts }) => {
  if (!wish.template.needsKvm || facts.abilities.kvm.works) return [];
  return [
    {
      code: 'template_needs_kvm',
      severity: 'error',
      message: `${wish.template.os.label} is unusable without KVM, and there is none here.`,
      hint: 'Switch on virtualization in the firmware setup of this computer, or choose another template.',
      field: 'templateId',
    },
  ];
};

export const checkMedia: Check = ({ wish, image }) => {
  const { kind } = wish.template.source;
  if (kind !== 'image' && kind !== 'installer') return [];
  const common = { severity: 'error', field: 'overrides.mediaId', fix: ADD_MEDIA } as const;
  if (wish.mediaId === null) {
    const message =
      kind === 'image' ? 'No disk image is chosen.' : 'No installation medium is chosen.';
    return [{ code: 'media_missing', message, ...common }];
  }
  if (image === null) {
    const message =
      kind === 'image'
        ? 'The chosen disk image is not in the library any more.'
        : 'The chosen installation medium is not in the library any more.';
    return [{ code: 'media_missing', message, ...common }];
  }
  if (image.kind !== (kind === 'image' ? 'image' : 'iso')) {
    const what = kind === 'image' ? 'a disk image' : 'an installation medium';
    const message = `“${image.name}” is not ${what}.`;
    return [{ code: 'media_wrong_kind', message, ...common }];
  }
  if (image.state === 'ready') return checkInstaller(wish.template, image);
  const importing = image.state === 'importing';
  return [
    {
      code: 'media_not_ready',
      message: importing
        ? `The image “${image.name}” is still being copied.`
        : `The image “${image.name}” could not be copied into the library.`,
      hint: importing ? 'Wait until it is ready.' : 'Remove it and add it again.',
      ...common,
    },
  ];
};

/** Whether the medium fits the template, and whether Berth can answer its questions. */
function checkInstaller(template: Template, medium: Media): Finding[] {
  const { installer } = medium;
  if (template.source.kind !== 'installer' || installer === undefined) return [];
  const field = 'overrides.mediaId';
  const windows = installer.family === 'windows';
  const known = installer.family !== 'unknown';
  if (installer.family === 'drivers' || (known && windows !== (template.os.family === 'windows'))) {
    return [
      {
        code: 'media_wrong_os',
        severity: 'error',
        message: `“${medium.name}” does not install ${template.os.label}: it is ${installer.osLabel}.`,
        hint: 'Choose another medium, or a template for what is on it.',
        field,
        fix: ADD_MEDIA,
      },
    ];
  }
  if (!template.source.unattended || installMode(template, medium) !== 'manual') return [];
  return [
    {
      code: 'installer_manual',
      severity: 'warning',
      message: `${installer.osLabel} has to be installed by hand: Berth cannot answer the questions of this medium.`,
      hint: 'The machine starts from the medium; go on in its console.',
      field,
    },
  ];
}

export const checkTryout: Check = ({ facts }) => {
  if (facts.tryout === null) return [];
  const { code, message, hint, fix } = facts.tryout;
  return [{ code, severity: 'error', message, ...(hint && { hint }), ...(fix && { fix }) }];
};
