import { BerthError } from '../core/errors.ts';
import { EXIT, type GlobalOptions, withBerth } from './session.ts';
import { formatSize } from './sizes.ts';

export function listTemplates(options: GlobalOptions): Promise<number> {
  return withBerth(options, { connection: 'none' }, async ({ berth, out }) => {
    for (const template of berth.templates) {
      out.record({ ...template, state: template.active ? 'active' : 'inactive' });
    }
    out.table(
      ['ID', 'NAME', 'SYSTEM', 'CPUS', 'MEMORY', 'DISK'],
      berth.templates.map((t) => [
        t.id,
        t.name,
        t.os.label,
        String(t.vcpus),
        formatSize(t.memoryBytes),
        formatSize(t.diskBytes),
      ]),
    );
    return EXIT.done;
  });
}

export function showTemplate(id: string, options: GlobalOptions): Promise<number> {
  return withBerth(options, { connection: 'none' }, async ({ berth, out }) => {
    const template = berth.templates.find((other) => other.id === id);
    if (template === undefined) {
      throw new BerthError('template_missing', `There is no template "${id}".`, {
        hint: '"berth templates list" shows all of them.',
      });
    }
    out.both(
      { ...template, state: template.active ? 'active' : 'inactive' },
      JSON.stringify(template, null, 2),
    );
    return EXIT.done;
  });
}
