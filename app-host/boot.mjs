// The host's first file, and its only one in plain JavaScript: it turns Node's compile cache on, which also keeps the
// TypeScript files in stripped form. Without it they cost a quarter of a second at each start.
import { enableCompileCache } from 'node:module';
import { homedir } from 'node:os';
import { join } from 'node:path';

enableCompileCache(
  join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'app-host', 'compile'),
);
await import('./start.ts');
