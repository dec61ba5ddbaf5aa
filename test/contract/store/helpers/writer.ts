// writer.ts PATH BACKUP_DIR: writes all kinds of rows without end; prints each journal id that is promised.
import { openStore } from '../../../../src-main/adapters/sqlite/open-store.ts';
import { creation, owner } from './samples.ts';
import { memoryLog } from './temp-store.ts';

const [path = '', backupDir = ''] = process.argv.slice(2);
const store = openStore({ path, backupDir, log: memoryLog(), now: Date.now });
if (!store.creations.get('c1')) {
  store.creations.insert({ creation: creation(1), owner: owner(process.pid), spec: null }, null);
}
for (let turn = 0; ; turn += 1) {
  store.creations.save(creation(1, { state: 'running', waitingFor: `turn ${turn}` }));
  const text = `turn ${turn} `.repeat(50);
  store.creations.appendLog('c1', [{ at: turn, stage: 'storage', level: 'info', text }]);
  const id = store.journal.intend('c1', 'storage', { kind: 'pool', name: 'p', path: `/${turn}` });
  console.log(String(id));
}
