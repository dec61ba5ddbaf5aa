// npm run -s faults -- [--json] [--only STAGE] [--fault KIND]
import { parseArgs } from 'node:util';
import { CELLS, type Cell } from './cells.ts';
import { openMatrix } from './matrix.ts';

const { values } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    only: { type: 'string' },
    fault: { type: 'string' },
  },
});
const isChosen = ({ stage, fault }: Cell) =>
  (values.only ?? stage) === stage && (values.fault ?? fault) === fault;

let bad = 0;
let cells = 0;
const matrix = await openMatrix();
for (const cell of CELLS.filter(isChosen)) {
  const result = await matrix.run(cell);
  const { stage, fault, subject, leftovers, complaints, ms, cancelMs } = result;
  const clean = leftovers.length === 0 && complaints.length === 0;
  cells += 1;
  if (!clean) bad += 1;
  if (values.json) {
    console.log(JSON.stringify({ stage, fault, subject, leftovers, complaints, ms, cancelMs }));
    continue;
  }
  const verdict = clean ? 'nothing left' : [...leftovers, ...complaints].join('; ');
  console.log(
    `${stage.padEnd(11)} ${fault.padEnd(10)} ${subject.padEnd(7)} ${String(ms).padStart(6)} ms  ${verdict}`,
  );
}
await matrix.close();
if (!values.json) console.log(`${cells} cells, ${bad} with leftovers or complaints`);
process.exit(bad === 0 && cells > 0 ? 0 : 1);
