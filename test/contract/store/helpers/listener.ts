// listener.ts PATH BACKUP_DIR: listens to foreign changes and has nothing else to do, so it must end.
import { openStore } from '../../../../src-main/adapters/sqlite/open-store.ts';
import { memoryLog } from './temp-store.ts';

const [path = '', backupDir = ''] = process.argv.slice(2);
const store = openStore({ path, backupDir, log: memoryLog(), now: Date.now });
store.onForeignChange(() => undefined);
console.log('listening');
