// What is published differs from what the workspace runs: JavaScript instead of sources. npm does
// not let publishConfig replace other fields, as pnpm does, so this does it while npm packs.
// node scripts/manifest.mjs publish|restore
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');
const manifest = join(root, 'package.json');
const kept = join(root, 'package.json.workspace');

/** Also after a run that was killed between the two. */
function restore() {
  if (existsSync(kept)) renameSync(kept, manifest);
}

function publish() {
  restore();
  const text = readFileSync(manifest, 'utf8');
  const { scripts: _, publishConfig, ...rest } = JSON.parse(text);
  writeFileSync(kept, text);
  writeFileSync(manifest, `${JSON.stringify({ ...rest, ...publishConfig }, null, 2)}\n`);
}

const steps = { publish, restore };
const step = steps[process.argv[2]];
if (step === undefined) {
  console.error('usage: node scripts/manifest.mjs publish|restore');
  process.exit(2);
}
step();
