import { describe, expect, it } from 'vitest';
import { draftOf, EMPTY_TEMPLATE, problemsOf, type TemplateForm } from './template-form.ts';

const source = {
  kind: 'installer',
  mediaId: null,
  unattended: true,
  edition: ' Windows 11 Home ',
  drivers: 'virtio',
} as const;
const windows: TemplateForm = {
  ...EMPTY_TEMPLATE,
  name: ' Course ',
  os: { family: 'windows', label: 'Windows 11', osinfoId: 'win11' },
  source,
};
const linux: TemplateForm = { ...windows, os: { family: 'linux', label: 'Debian' } };
const VIRTIO = [{ id: 'virtio' }];

describe('a template as it is saved', () => {
  it('has the edition and the drivers of a Windows that Berth installs, without spaces around', () => {
    expect(draftOf(windows)).toMatchObject({
      name: 'Course',
      source: { edition: 'Windows 11 Home', drivers: 'virtio' },
    });
  });

  it.each([
    ['Linux', linux],
    ['a Windows that a person installs', { ...windows, source: { ...source, unattended: false } }],
  ])('has neither for %s', (_, form) => {
    expect(Object.keys(draftOf(form).source)).toEqual(['kind', 'mediaId', 'unattended']);
  });

  it('has the patience with an installer only where Berth waits for one', () => {
    const patient = { patienceMinutes: 45 };
    expect(draftOf({ ...linux, ...patient })).toMatchObject(patient);
    const byHand = { ...source, unattended: false };
    for (const other of [byHand, { kind: 'blank' } as const]) {
      const draft = draftOf({ ...linux, ...patient, source: other });
      expect(draft.patienceMinutes).toBeNull();
    }
  });

  it('has no edition where nothing is said of it', () => {
    const form = { ...windows, source: { ...source, edition: ' ' } };
    expect(draftOf(form).source).not.toHaveProperty('edition');
  });
});

describe('what is wrong with a template', () => {
  it('is nothing when its medium of drivers is there, or none or the newest is asked for', () => {
    const { drivers: _, ...newest } = source;
    expect(problemsOf(windows, VIRTIO)).toEqual({});
    expect(problemsOf({ ...windows, source: { ...source, drivers: 'none' } }, [])).toEqual({});
    expect(problemsOf({ ...windows, source: newest }, [])).toEqual({});
  });

  it('is an edition that no answers can hold, and a medium of drivers that is not there', () => {
    const form = { ...windows, source: { ...source, edition: 'Windows\t11' } };
    expect(Object.keys(problemsOf(form, []))).toEqual(['edition', 'drivers']);
  });

  it('is nothing of Windows for another system', () => {
    expect(problemsOf(linux, [])).toEqual({});
  });
});
