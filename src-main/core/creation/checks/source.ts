import type { Finding } from '../../../../src-contract/model/error.ts';
import type { Template } from '../../../../src-contract/model/template.ts';
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
    const message = 'The chosen disk image is not in the library any more.';
    return [{ code: 'media_missing', message, ...common }];
  }
  if (image.state === 'ready') return [];
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

export const checkTryout: Check = ({ facts }) => {
  if (facts.tryout === null) return [];
  const { code, message, hint, fix } = facts.tryout;
  return [{ code, severity: 'error', message, ...(hint && { hint }), ...(fix && { fix }) }];
};
