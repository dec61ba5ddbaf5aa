import type { Template } from './template.ts';

type Asked = Pick<Template, 'source' | 'os'>;

/** Whether a template asks that nobody has to answer an installer's questions. */
export function wantsUnattended({ source, os }: Asked): boolean {
  return source.kind === 'installer' && source.unattended && os.family !== 'other';
}

/** Whether Windows is to be installed with nobody at its console. */
export const answersWindows = (template: Asked): boolean =>
  template.os.family === 'windows' && wantsUnattended(template);
