import type { Finding } from '../../../../src-contract/model/error.ts';
import type { Template } from '../../../../src-contract/model/template.ts';
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

export const checkMedia: Check = ({ wish, image }) => {
  if (wish.template.source.kind !== 'image') return [];
  const common = { severity: 'error', field: 'overrides.mediaId', fix: ADD_MEDIA } as const;
  if (wish.mediaId === null) {
    return [{ code: 'media_missing', message: 'No disk image is chosen.', ...common }];
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
