import { describe, expect, it } from 'vitest';
import { draft, GIT, TemplateBench, thrownBy } from './template-bench.ts';

const DAY_MS = 24 * 60 * 60 * 1000;

function filled(): TemplateBench {
  const bench = new TemplateBench();
  const { templates } = bench;
  templates.saveCategory({
    id: 'physics',
    name: 'Physics',
    description: '',
    position: 5,
    builtIn: false,
  });
  templates.saveApplication({ ...GIT, id: 'mine', builtIn: false });
  templates.create(
    draft({ id: 'lab', categoryId: 'physics', applications: [{ id: 'mine' }, { id: 'git' }] }),
  );
  templates.create(draft({ id: 'plain', patienceMinutes: 45 }));
  return bench;
}

const json = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

describe('templates as a document', () => {
  it('come back as they went out', () => {
    const from = filled();
    const to = new TemplateBench();
    const result = to.exchange.import(json(from.exchange.export()), 'skip');
    expect(result.map(({ kind, id, action }) => `${kind} ${id} ${action}`)).toEqual([
      'template lab added',
      'template plain added',
      'category physics added',
      'application mine added',
    ]);
    expect(to.templates.library()).toEqual(from.templates.library());
    expect(to.events.map(({ type }) => type)).toEqual(['templates.changed']);
  });

  it('hold of one template only what it uses', () => {
    const { exchange } = filled();
    expect(exchange.export(['plain'])).toMatchObject({ categories: [], applications: [] });
    expect(exchange.export(['lab'])).toMatchObject({
      categories: [{ id: 'physics' }],
      applications: [{ id: 'mine' }],
    });
    expect(exchange.export(['blank']).templates).toMatchObject([{ id: 'blank', builtIn: false }]);
    expect(thrownBy(() => exchange.export(['none']))).toMatchObject({ code: 'template_missing' });
  });

  it.each([
    [
      'skip',
      ['lab skipped lab', 'plain skipped plain', 'physics skipped physics', 'mine skipped mine'],
    ],
    [
      'replace',
      [
        'lab replaced lab',
        'plain replaced plain',
        'physics replaced physics',
        'mine replaced mine',
      ],
    ],
    [
      'rename',
      [
        'lab renamed lab-2',
        'plain renamed plain-2',
        'physics renamed physics-2',
        'mine renamed mine-2',
      ],
    ],
  ] as const)('with ids that are taken: %s', (conflict, expected) => {
    const bench = filled();
    const document = bench.exchange.export();
    document.templates = document.templates.map((one) => ({ ...one, vcpus: 7 }));
    const result = bench.exchange.import(json(document), conflict);
    expect(result.map(({ id, action, as }) => `${id} ${action} ${as}`)).toEqual(expected);
    const { templates } = bench;
    expect(templates.get('lab').vcpus).toBe(conflict === 'replace' ? 7 : 1);
    if (conflict !== 'rename') return;
    expect(templates.get('lab-2')).toMatchObject({
      vcpus: 7,
      categoryId: 'physics-2',
      applications: [{ id: 'mine-2' }, { id: 'git' }],
    });
  });

  it('never replace what is built in', () => {
    const bench = new TemplateBench();
    const document = json(bench.exchange.export(['blank']));
    expect(bench.exchange.import(document, 'replace')).toMatchObject([{ action: 'skipped' }]);
    expect(bench.exchange.import(document, 'rename')).toMatchObject([{ as: 'blank-2' }]);
    expect(bench.templates.get('blank').builtIn).toBe(true);
  });

  it.each([
    ['no object', 5, 'import_invalid', /format/],
    ['another format', { format: 'x', version: 1 }, 'import_invalid', /format/],
    ['a later version', { version: 2 }, 'import_newer', /version: 2/],
    ['no version', { version: undefined }, 'import_invalid', /version/],
    ['an unknown field', { extra: 1 }, 'import_invalid', /extra/],
    ['a wrong template', { templates: [{ id: 'x' }] }, 'import_invalid', /templates\[0\]\.name/],
    [
      'an unknown field of a template',
      { templates: [{ ...draft(), cpus: 1 }] },
      'import_invalid',
      /templates\[0\]/,
    ],
    [
      'a wrong pattern',
      {
        applications: [
          { ...GIT, parameters: [{ name: 'a', label: 'A', default: '', pattern: '[' }] },
        ],
      },
      'import_invalid',
      /pattern/,
    ],
    [
      'an id that is there twice',
      { applications: [GIT, GIT] },
      'import_invalid',
      /applications\[1\]\.id/,
    ],
  ])('are refused as a whole with %s', (_what, change, code, detail) => {
    const bench = filled();
    const good = bench.exchange.export();
    const document = typeof change === 'object' ? { ...good, ...change } : change;
    const before = json(bench.templates.library());
    expect(thrownBy(() => bench.exchange.import(json(document), 'replace'))).toMatchObject({
      code,
      message: expect.stringMatching(detail),
    });
    expect(bench.templates.library()).toEqual(before);
  });
});

describe('backups', () => {
  it('bring everything back: templates, categories, applications, archived ones, policies', async () => {
    const bench = filled();
    bench.policies.change({ creationSlots: 9 });
    bench.templates.setArchived('blank', true);
    const library = json(bench.templates.library());
    await bench.backups.write();
    bench.policies.change({ creationSlots: 2 });
    bench.templates.setArchived('blank', false);
    bench.templates.setArchived('tryout', true);
    bench.templates.remove('lab');
    bench.templates.removeApplication('mine');
    await bench.backups.restore(null);
    expect(bench.templates.library()).toEqual(library);
    expect(bench.policies.get().creationSlots).toBe(9);
  });

  it('are made once a day by a process that lives, and fourteen are kept', async () => {
    const { backups, clock, folder, log } = filled();
    backups.start();
    backups.start();
    for (let day = 0; day < 16; day++) await clock.advance(DAY_MS);
    backups.close();
    expect(folder.files.size).toBe(14);
    const listed = await backups.list();
    expect(listed[0]?.at).toBeGreaterThan(listed[13]?.at ?? 0);
    expect(log.lines).toEqual([]);
  });

  it('say what they cannot', async () => {
    const { backups, folder } = new TemplateBench();
    await expect(backups.restore(null)).rejects.toMatchObject({ code: 'backup_missing' });
    folder.files.set('templates-20261124T000000000Z.json', '{');
    await expect(backups.restore(null)).rejects.toMatchObject({ code: 'import_invalid' });
    folder.files.set('berth-20261124T000000000Z-v7-daily.db', '');
    expect(await backups.list()).toHaveLength(1);
  });
});
