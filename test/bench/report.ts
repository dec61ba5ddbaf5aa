export interface Figure {
  bench: string;
  figure: string;
  value: number;
  unit: string;
  /** Name of what it was measured against in the same run, and how it compares. */
  peer?: string;
  ratio?: number;
  /** The value, or the ratio where there is a peer, must not be above this. */
  limit?: number;
  /** The limit is that of the value, although there is a peer. */
  limitsValue?: boolean;
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle];
  const lower = sorted[middle - 1];
  if (upper === undefined) throw new Error('nothing was measured');
  return sorted.length % 2 === 1 || lower === undefined ? upper : (lower + upper) / 2;
}

const round = (value: number, digits: number): number => Number(value.toFixed(digits));

/** Prints one figure: a line of JSON, or a line for people that says whether the limit holds. */
export function printFigure(figure: Figure, json: boolean): boolean {
  const compared = figure.limitsValue ? figure.value : (figure.ratio ?? figure.value);
  const held = figure.limit === undefined || compared <= figure.limit;
  if (json) {
    const { bench, figure: name, value, unit, peer, ratio } = figure;
    const line = { bench, figure: name, value: round(value, 2), unit, peer, ratio };
    console.log(JSON.stringify(ratio === undefined ? line : { ...line, ratio: round(ratio, 3) }));
  } else {
    const against =
      figure.ratio === undefined ? '' : `  ${round(figure.ratio, 2)} x ${figure.peer}`;
    const limit =
      figure.limit === undefined ? '' : `  (limit ${figure.limit}: ${held ? 'held' : 'MISSED'})`;
    console.log(
      `${figure.figure.padEnd(44)} ${round(figure.value, 1)} ${figure.unit}${against}${limit}`,
    );
  }
  return held;
}
