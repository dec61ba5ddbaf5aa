import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { CELLS, TESTED_CELLS } from '../../faults/cells.ts';
import { type Matrix, openMatrix } from '../../faults/matrix.ts';

let matrix: Matrix;
beforeAll(async () => {
  matrix = await openMatrix();
});
afterAll(() => matrix?.close());

test('each stage and each kind of fault of the whole matrix is among those that are tested', () => {
  for (const key of ['stage', 'fault'] as const) {
    const tested = new Set(TESTED_CELLS.map((cell) => cell[key]));
    expect(tested).toEqual(new Set(CELLS.map((cell) => cell[key])));
  }
});

describe('whatever goes wrong in a creation, nothing is left over', () => {
  test.each(TESTED_CELLS)('$stage: $fault ($subject)', async (cell) => {
    const { leftovers, complaints } = await matrix.run(cell);
    expect({ leftovers, complaints }).toEqual({ leftovers: [], complaints: [] });
  });
});
