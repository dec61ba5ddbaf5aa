// maker.ts FOLDER...: makes a database in each folder, one after the other.
import { join } from 'node:path';
import { openStore } from '../../../../src-main/adapters/sqlite/open-store.ts';
import { memoryLog } from './temp-store.ts';

for (const folder of process.argv.slice(2)) {
  const path = join(folder, 'berth.db');
  const backupDir = join(folder, 'backups');
  openStore({ path, backupDir, log: memoryLog(), now: Date.now }).close();
}
