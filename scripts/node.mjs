// Runs a TypeScript program of this project under the project's Node.js: node scripts/node.mjs PROGRAM [ARGUMENTS]
import { join } from 'node:path';
import { ensureNodePackages, nodeEnvironment, nodeProgram } from './setup/node.mjs';
import { run } from './setup/os.mjs';

const root = join(import.meta.dirname, '..');
const [program = '', ...args] = process.argv.slice(2);
if (!(await ensureNodePackages(root, process.stderr))) process.exit(1);
const command = [nodeProgram(root), join(root, program), ...args];
if (process.execve !== undefined) {
  // The program takes this process's place, so that signals and the terminal are its own.
  process.removeAllListeners('warning');
  process.execve(nodeProgram(root), command, nodeEnvironment(root));
}
process.exit(await run(command, { env: nodeEnvironment(root) }));
