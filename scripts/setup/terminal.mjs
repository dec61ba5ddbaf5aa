// The app's main job without a display: one machine, made and shown in the terminal.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { nodeEnvironment, nodeProgram } from './node.mjs';
import { run, say } from './os.mjs';

const NAME = 'tryout';

/**
 * Whether a listing (one JSON object a line) has a machine of that name.
 * @param {string} listing
 * @param {string} name
 */
export function listsMachine(listing, name) {
  return listing.split('\n').some((line) => {
    try {
      return JSON.parse(line).name === name;
    } catch {
      return false;
    }
  });
}

/**
 * Makes the try-out machine with the project's command line, and answers the exit code.
 * @param {string} root
 */
export async function runInTerminal(root) {
  const cli = [nodeProgram(root), join(root, 'src-main/cli.ts')];
  const options = { cwd: root, env: nodeEnvironment(root) };
  const [program = '', ...start] = cli;
  const listing = spawnSync(program, [...start, 'list', '--json'], {
    ...options,
    encoding: 'utf8',
    timeout: 60_000,
  });
  say('Berth works in this terminal, without a window.');
  if (!listsMachine(listing.stdout ?? '', NAME)) {
    say('It makes a small Linux machine from the kernel and busybox of this host.');
    const create = ['create', '--template', 'tryout', '--name', NAME, '--wait', 'ready'];
    const code = await run([...cli, ...create], options);
    if (code === 0) say('\nAll commands: npm run -s berth -- help');
    return code;
  }
  say(`The try-out machine "${NAME}" is there already.

To look at it:    npm run -s berth -- show ${NAME}
To see it:        npm run -s berth -- console ${NAME}
To remove it:     npm run -s berth -- delete ${NAME}
All commands:     npm run -s berth -- help`);
  return 0;
}
