import { describe, expect, it } from 'vitest';
import { blank, creation, GIB, tryout } from '../../../test/renderer/fake/fixtures.ts';
import { emptyForm, formFromInput, setField, toRequest } from './form-model.ts';

const key = { name: 'id.pub', key: 'ssh-ed25519 AAAA me' };
const form = { ...emptyForm('web', 'ada', [key]), password: 'secret' };
const set = (field: string, value: string | number | boolean | null) =>
  setField(form, { action: 'set-field', label: '', field, value });

describe('toRequest', () => {
  it('sends login only where the template takes one', () => {
    expect(toRequest(form, tryout)).toEqual({
      templateId: 'tryout',
      departmentId: 'personal',
      name: 'web',
      user: 'ada',
      password: 'secret',
      sshKeys: [key.key],
      overrides: {},
    });
    expect(toRequest(form, blank)).toEqual({
      templateId: 'blank',
      departmentId: 'personal',
      name: 'web',
      overrides: {},
    });
  });

  it('sends a product key only for a Windows that Berth installs', () => {
    const keyed = { ...form, productKey: ' abcde-12345-fghij-67890-klmno ' };
    const source = { kind: 'installer', mediaId: null, unattended: true } as const;
    const windows = { ...blank, source, os: { family: 'windows', label: 'Windows 11' } as const };
    const productKey = 'ABCDE-12345-FGHIJ-67890-KLMNO';
    expect(toRequest(keyed, windows)).toMatchObject({ user: 'ada', productKey });
    expect(toRequest(keyed, tryout)).not.toHaveProperty('productKey');
    const byHand = { ...windows, source: { ...source, unattended: false } };
    expect(toRequest(keyed, byHand)).not.toHaveProperty('productKey');
  });

  it('says how many and how urgent only where it is unusual', () => {
    const many = { ...form, count: 12, priority: -10 };
    expect(toRequest(many, tryout)).toMatchObject({ count: 12, priority: -10 });
    expect(toRequest(form, tryout)).not.toHaveProperty('count');
    expect(toRequest(form, tryout)).not.toHaveProperty('priority');
  });

  it('trims, splits pasted keys and leaves empty fields out', () => {
    const request = toRequest(
      { ...form, name: ' web ', user: ' ', password: '', keys: [], pastedKey: ' a b\n\n c d ' },
      tryout,
    );
    expect(request).toEqual({
      templateId: 'tryout',
      departmentId: 'personal',
      name: 'web',
      sshKeys: ['a b', 'c d'],
      overrides: {},
    });
  });
});

describe('formFromInput', () => {
  it('tells found keys from pasted ones', () => {
    const input = { ...creation().input, sshKeys: [key.key, 'ssh-rsa BBBB other'] };
    const again = formFromInput(input, [key]);
    expect(again.keys).toEqual([key.key]);
    expect(again.pastedKey).toBe('ssh-rsa BBBB other');
    expect(again.password).toBe('');
    expect(again.count).toBe(1);
  });
});

describe('setField', () => {
  it('sets text, sizes, firmware, image and network', () => {
    expect(set('name', 'web-2').name).toBe('web-2');
    expect(set('count', 3).count).toBe(3);
    expect(set('overrides.diskBytes', GIB).overrides).toEqual({ diskBytes: GIB });
    expect(set('overrides.firmware', 'bios').overrides).toEqual({ firmware: 'bios' });
    expect(set('overrides.hugepages', 'preferred').overrides).toEqual({ hugepages: 'preferred' });
    expect(set('overrides.mediaId', 'img1').overrides).toEqual({ mediaId: 'img1' });
    expect(set('overrides.network', 'user').overrides).toEqual({ network: { kind: 'user' } });
    expect(set('overrides.network', 'lab').overrides).toEqual({
      network: { kind: 'network', name: 'lab' },
    });
  });

  it('goes back to the template’s size with null', () => {
    const changed = set('overrides.vcpus', 4);
    const fix = { action: 'set-field', label: '', field: 'overrides.vcpus', value: null } as const;
    expect(setField(changed, fix).overrides).toEqual({});
  });

  it('leaves the form alone when field or value are not known', () => {
    expect(set('name', 5)).toBe(form);
    expect(set('count', 'three')).toBe(form);
    expect(set('colour', 'red')).toBe(form);
    expect(set('overrides.firmware', 'coreboot')).toBe(form);
    expect(set('overrides.hugepages', 'enormous')).toBe(form);
    expect(set('overrides.nothing', 1)).toBe(form);
  });
});
