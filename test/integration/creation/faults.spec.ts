import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { CELLS } from '../../faults/cells.ts';
import { type Matrix, openMatrix } from '../../faults/matrix.ts';

let matrix: Matrix;
beforeAll(async () => {
  matrix = await openMatrix();
});
afterAll(() => matrix?.close());

describe('whatever goes wrong in a creation, nothing is left over', () => {
  test.each(CELLS)('$stage: $fault ($subject)', async (cell) => {
    const { leftovers, complaints } = await matrix.run(cell);
    expect({ leftovers, complaints }).toEqual({ leftovers: [], complaints: [] });
  });
});
