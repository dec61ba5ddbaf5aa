// Type-checks every process with its own tsconfig; prints each one's errors and exits 1 if any has some.
import { spawn } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');
const tsc = join(root, 'node_modules/.bin/tsc');
const projects = readdirSync(root).filter((d) => existsSync(join(root, d, 'tsconfig.json')));

const check = (project) =>
  new Promise((done) => {
    const child = spawn(tsc, ['-p', project, '--pretty', String(process.stdout.isTTY === true)], {
      cwd: root,
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let out = '';
    child.stdout.on('data', (chunk) => {
      out += chunk;
    });
    child.on('exit', (code) => {
      const nothing = out.includes('TS18003');
      if (out && !nothing) process.stdout.write(`${project}:\n${out}`);
      done(code === 0 || nothing);
    });
  });

const results = await Promise.all(projects.map(check));
process.exit(results.every(Boolean) ? 0 : 1);
