// racer.ts PATH BACKUP_DIR NUMBER: for each line N on stdin, tries to reserve the name "Round N".
import { createInterface } from 'node:readline';
import { openStore } from '../../../../src-main/adapters/sqlite/open-store.ts';
import { BerthError } from '../../../../src-main/core/errors.ts';
import { machine, reservation } from './samples.ts';
import { memoryLog } from './temp-store.ts';

const [path = '', backupDir = '', number = '0'] = process.argv.slice(2);
const store = openStore({ path, backupDir, log: memoryLog(), now: Date.now });
console.log('open');

for await (const line of createInterface({ input: process.stdin })) {
  const round = Number(line);
  const id = round * 10 + Number(number);
  const record = machine(id, { name: `Round ${round}`, domainName: `berth-round-${round}` });
  try {
    store.reservations.reserve(record, reservation(id), () => undefined);
    console.log('won');
  } catch (error) {
    console.log(error instanceof BerthError ? error.code : String(error));
  }
}
store.close();
