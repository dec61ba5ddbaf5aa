// Builds dist: JavaScript and declarations, from src.
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');
const dist = join(root, 'dist');

rmSync(dist, { recursive: true, force: true });
const { status, error } = spawnSync('tsc', ['-p', 'tsconfig.build.json'], {
  cwd: root,
  // npm's own answer goes to stdout.
  stdio: ['ignore', process.stderr, 'inherit'],
});
if (error) console.error(`cannot run tsc: ${error.message}`);
if (status !== 0) process.exit(1);

// The compiler rewrites the endings of imports in JavaScript, but not in declarations.
for (const name of readdirSync(dist, { recursive: true, encoding: 'utf8' })) {
  if (!name.endsWith('.d.ts')) continue;
  const file = join(dist, name);
  const text = readFileSync(file, 'utf8');
  writeFileSync(
    file,
    text.replaceAll(/((?:from |import\()['"]\.{1,2}\/[^'"]+)\.ts(['"])/g, '$1.js$2'),
  );
}
