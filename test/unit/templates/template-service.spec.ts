import { describe, expect, it } from 'vitest';
import { FakeDatabase } from '../../fakes/fake-store.ts';
import { request, TestBench } from '../creation/test-bench.ts';
import { draft, GIT, TemplateBench, thrownBy } from './template-bench.ts';

describe('templates of one’s own', () => {
  it('are made with an id from their name, and all windows are told', () => {
    const bench = new TemplateBench();
    const made = bench.templates.create(draft());
    expect(made).toMatchObject({
      id: 'course-ubung-1',
      builtIn: false,
      firmware: 'uefi',
      active: true,
    });
    expect(bench.templates.create(draft()).id).toBe('course-ubung-1-2');
    expect(bench.templates.list().map(({ id }) => id)).toEqual([
      'tryout',
      'image',
      'blank',
      'course-ubung-1',
      'course-ubung-1-2',
    ]);
    expect(bench.events.map(({ type }) => type)).toEqual([
      'templates.changed',
      'templates.changed',
    ]);
  });

  it.each([
    ['a misspelt field', { cpus: 1 }, /cpus/],
    ['a value out of range', { vcpus: 0 }, /vcpus/],
    ['a wrong inner field', { os: { family: 'beos', label: 'x' } }, /os\.family/],
    ['a list entry', { extraDisks: [{ capacityBytes: 1 }] }, /extraDisks\[0\]\.capacityBytes/],
    ['an installer that gets no time', { patienceMinutes: 0 }, /patienceMinutes/],
    ['an installer that gets more than a day', { patienceMinutes: 1441 }, /patienceMinutes/],
    ['parts of a minute', { patienceMinutes: 1.5 }, /patienceMinutes/],
    ['an id with capitals', { id: 'Lab' }, /id/],
  ])('are refused with %s, which is named', (_what, change, detail) => {
    const { templates } = new TemplateBench();
    const invalid = { code: 'template_invalid', message: expect.stringMatching(detail) };
    expect(thrownBy(() => templates.create(draft(change)))).toMatchObject(invalid);
    const { id } = templates.create(draft({ id: 'good' }));
    if (!('id' in change)) {
      expect(thrownBy(() => templates.update(id, change))).toMatchObject(invalid);
    }
    expect(templates.list()).toHaveLength(4);
  });

  it('change field by field, are archived, and go', () => {
    const { templates, events } = new TemplateBench();
    templates.create(draft({ id: 'lab' }));
    expect(templates.update('lab', { vcpus: 3, id: 'other', builtIn: true })).toMatchObject({
      id: 'lab',
      vcpus: 3,
      builtIn: false,
    });
    templates.setArchived('lab', true);
    expect(templates.get('lab').active).toBe(false);
    templates.setArchived('lab', false);
    expect(templates.get('lab').active).toBe(true);
    templates.remove('lab');
    expect(thrownBy(() => templates.get('lab'))).toMatchObject({ code: 'template_missing' });
    expect(events).toHaveLength(5);
  });

  it('take no id that is taken', () => {
    const { templates } = new TemplateBench();
    expect(thrownBy(() => templates.create(draft({ id: 'blank' })))).toMatchObject({
      code: 'template_exists',
    });
  });

  it('stay while a creation uses them', async () => {
    const database = new FakeDatabase();
    const bench = new TestBench();
    const process = bench.process();
    const { creationId } = await bench.clock.run(process.service.start(request('blank')));
    const row = process.store.creations.get(creationId);
    if (row === null) throw new Error('no creation');
    const { templates, store } = new TemplateBench(database);
    templates.create(draft({ id: 'lab' }));
    const creation = { ...row.creation, templateId: 'lab', state: 'running' as const };
    store.creations.insert({ ...row, creation }, null);
    expect(thrownBy(() => templates.remove('lab'))).toMatchObject({
      code: 'template_in_use',
      message: expect.stringContaining(creation.name),
    });
    store.creations.save({ ...creation, state: 'completed' });
    templates.remove('lab');
  });

  it('are seen by another process at once', async () => {
    const database = new FakeDatabase();
    const [one, other] = [new TemplateBench(database), new TemplateBench(database)];
    one.templates.create(draft({ id: 'lab' }));
    await Promise.resolve();
    expect(other.templates.get('lab').name).toBe('Course Übung 1');
    expect(other.events.map(({ type }) => type)).toEqual(['templates.changed']);
  });
});

describe('built-in templates', () => {
  it('are never changed in place, but can be copied and archived', () => {
    const { templates } = new TemplateBench();
    const builtIn = { code: 'template_built_in' };
    expect(thrownBy(() => templates.update('blank', { vcpus: 9 }))).toMatchObject(builtIn);
    expect(thrownBy(() => templates.remove('blank'))).toMatchObject(builtIn);
    templates.setArchived('blank', true);
    expect(templates.get('blank')).toMatchObject({ active: false, builtIn: true });
    const copy = templates.duplicate('blank');
    expect(copy).toMatchObject({ name: 'Empty copy', active: true, builtIn: false });
    expect({ ...copy, id: 'blank', name: 'Empty', builtIn: true, active: false }).toEqual(
      templates.get('blank'),
    );
    templates.setArchived('blank', false);
    expect(templates.get('blank').active).toBe(true);
  });

  it('refuse archived ones in the preflight', async () => {
    const bench = new TestBench();
    const process = bench.process();
    process.templates = process.templates.map((one) => ({ ...one, active: false }));
    const plan = await bench.clock.run(process.service.plan(request('blank')));
    expect(plan.findings.map(({ code }) => code)).toContain('template_inactive');
  });
});

describe('categories', () => {
  it('are those built in and one’s own; templates of one that goes are in Other', () => {
    const { templates } = new TemplateBench();
    const own = { id: 'physics', name: 'Physics', description: '', position: 45, builtIn: false };
    templates.saveCategory(own);
    templates.create(draft({ id: 'lab', categoryId: 'physics' }));
    expect(templates.library().categories.map(({ id }) => id)).toEqual([
      'tryout',
      'desktop',
      'server',
      'cloud',
      'physics',
      'lab',
      'other',
    ]);
    expect(templates.get('lab').categoryId).toBe('physics');
    templates.removeCategory('physics');
    expect(templates.get('lab').categoryId).toBe('other');
    expect(thrownBy(() => templates.saveCategory({ ...own, id: 'lab' }))).toMatchObject({
      code: 'category_built_in',
    });
    expect(thrownBy(() => templates.removeCategory('physics'))).toMatchObject({
      code: 'category_missing',
    });
  });
});

describe('the catalogue', () => {
  const mine = { ...GIT, id: 'mine', builtIn: false };

  it('takes one’s own entries and keeps those built in', () => {
    const { templates } = new TemplateBench();
    templates.saveApplication(mine);
    templates.saveApplication({ ...mine, name: 'Mine' });
    expect(templates.applications().map(({ name }) => name)).toEqual(['Git', 'Mine']);
    expect(thrownBy(() => templates.saveApplication({ ...GIT }))).toMatchObject({
      code: 'application_built_in',
    });
    const bad = { ...mine, parameters: [{ name: 'a', label: 'A', default: '', pattern: '(' }] };
    expect(thrownBy(() => templates.saveApplication(bad))).toMatchObject({
      code: 'application_invalid',
    });
    templates.create(draft({ applications: [{ id: 'mine' }] }));
    expect(thrownBy(() => templates.removeApplication('mine'))).toMatchObject({
      code: 'application_in_use',
    });
    templates.remove('course-ubung-1');
    templates.removeApplication('mine');
    expect(thrownBy(() => templates.application('mine'))).toMatchObject({
      code: 'application_missing',
    });
  });
});
