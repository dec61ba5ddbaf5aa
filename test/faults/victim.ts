// A whole Berth without a window that makes one machine while something goes wrong.
// argv: a JSON object {home, cell | null, request | null}; stdout: JSON lines; stdin: a line once it is done what a line `outside` asked for.
import { createInterface } from 'node:readline';
import { z } from 'zod';
import { createRequestSchema } from '../../src-contract/model/create-request.ts';
import { compose } from '../../src-main/compose.ts';
import type { Cell } from './cells.ts';
import { FullDisk } from './full-disk.ts';
import { Interposer } from './interpose.ts';

const say = (line: Record<string, unknown>) => process.stdout.write(`${JSON.stringify(line)}\n`);

const job = z
  .object({
    home: z.string(),
    cell: z.custom<Cell>().nullable(),
    request: createRequestSchema.nullable(),
    until: z.enum(['running', 'ready']),
  })
  .parse(JSON.parse(process.argv[2] ?? ''));

const input = createInterface({ input: process.stdin });
// Whoever runs the matrix is gone.
process.stdin.once('end', () => process.exit(1));
let cancelledAt = 0;
const cancel = (creationId: string) => {
  cancelledAt = performance.now();
  void berth.creations.cancel(creationId);
};
const interposer = job.cell
  ? new Interposer(job.cell, {
      cancel,
      outside: async (fault) => {
        const done = new Promise((resolve) => input.once('line', resolve));
        say({ type: 'outside', fault });
        await done;
      },
      disk: FullDisk.install(),
    })
  : null;

const berth = await compose({
  home: job.home,
  ...(interposer && { wrap: (ports) => interposer.wrap(ports) }),
});
await berth.connect();
const outcomes = await berth.recover();
for (const outcome of outcomes) {
  if (outcome.action === 'adopted') await berth.creations.settled(outcome.creationId, 'ready');
  say({ type: 'recovered', ...outcome });
}
if (job.request) {
  try {
    interposer?.arm();
    const { creationId } = await berth.creations.start(job.request);
    say({ type: 'started', creationId });
    if (job.cell?.stage === 'validate' && job.cell.fault === 'cancel') cancel(creationId);
    const creation = await berth.creations.settled(creationId, job.until);
    const cancelMs = cancelledAt && performance.now() - cancelledAt;
    say({
      type: 'ended',
      state: creation.state,
      error: creation.error,
      undone: creation.undone,
      cancelMs,
    });
  } catch (error) {
    say({ type: 'refused', error: String(error) });
  }
}
await berth.close();
input.close();
process.exit(0);
