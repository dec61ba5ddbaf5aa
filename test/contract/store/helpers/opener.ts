// opener.ts PATH BACKUP_DIR: opens the store and prints the code of the error, or "open".
import { openStore } from '../../../../src-main/adapters/sqlite/open-store.ts';
import { BerthError } from '../../../../src-main/core/errors.ts';
import { memoryLog } from './temp-store.ts';

const [path = '', backupDir = ''] = process.argv.slice(2);
try {
  openStore({ path, backupDir, log: memoryLog(), now: Date.now }).close();
  console.log('open');
} catch (error) {
  console.log(error instanceof BerthError ? error.code : String(error));
}
