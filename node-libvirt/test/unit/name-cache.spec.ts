import { Buffer } from 'node:buffer';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { NameCache } from '../../src/xdr/name-cache.ts';

const read = (names: NameCache, text: string): string => {
  const bytes = Buffer.from(`..${text}..`);
  return names.read(bytes, 2, bytes.length - 4);
};

describe('names that come again', () => {
  it('are what was sent, whatever was read before', () => {
    const names = new NameCache();
    const text = fc.string({ unit: 'binary', maxLength: 100 }).map((each) => each.toWellFormed());
    fc.assert(
      fc.property(text, (sent) => {
        expect(read(names, sent)).toBe(sent);
        expect(read(names, sent)).toBe(sent);
      }),
    );
  });

  it('may come in any order', () => {
    const names = new NameCache();
    const few = fc.array(fc.constantFrom('', 'state', 'cpu.time', 'cpu.user', 'balloon.current'));
    fc.assert(
      fc.property(few, (sent) => {
        expect(sent.map((each) => read(names, each))).toEqual(sent);
      }),
    );
  });

  it('may be more than it can hold', () => {
    const names = new NameCache();
    const sent = Array.from({ length: 5_000 }, (_, index) => `block.${index}.rd.bytes`);
    for (const _ of [1, 2]) expect(sent.map((each) => read(names, each))).toEqual(sent);
  });

  it('do not depend on the buffer they were read from', () => {
    const names = new NameCache();
    const bytes = Buffer.from('cpu.time');
    expect(names.read(bytes, 0, 8)).toBe('cpu.time');
    bytes.write('cpu.user');
    expect(names.read(bytes, 0, 8)).toBe('cpu.user');
    bytes.write('cpu.time');
    expect(names.read(bytes, 0, 8)).toBe('cpu.time');
  });
});
