// npm run -s bench -- NAME [--json] [--rounds N]
import { parseArgs } from 'node:util';
import { benchCreate } from './create.ts';
import { type Figure, printFigure } from './report.ts';
import { benchStartup } from './startup.ts';

const benches: Record<string, (rounds: number | undefined) => AsyncIterable<Figure>> = {
  create: benchCreate,
  startup: benchStartup,
};

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { json: { type: 'boolean', default: false }, rounds: { type: 'string' } },
});
const bench = benches[positionals[0] ?? ''];
if (!bench) {
  console.error(`usage: bench ${Object.keys(benches).join('|')} [--json] [--rounds N]`);
  process.exit(2);
}
let held = true;
for await (const figure of bench(values.rounds ? Number(values.rounds) : undefined)) {
  held = printFigure(figure, values.json) && held;
}
process.exit(held ? 0 : 1);
