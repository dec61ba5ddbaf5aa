import { execFile } from 'node:child_process';
import { mkdir, readdir, readFile, symlink } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { missing, SessionDaemon } from '../support/session-daemon.ts';
import { comparable, examplesOf } from './examples.ts';
import { nodeProgram } from './node-versions.ts';
import { Consumer } from './packed.ts';

const run = promisify(execFile);
const root = path.join(import.meta.dirname, '../..');
const modules = path.join(root, '../node_modules');
const readme = await readFile(path.join(root, 'README.md'), 'utf8');
const examples = examplesOf(readme).map((example, index) => ({ ...example, index }));

let consumer: Consumer;
beforeAll(async () => {
  consumer = await Consumer.create();
});
afterAll(() => consumer?.remove());

describe('the packed package', () => {
  it('holds JavaScript with declarations, and neither sources nor dependencies', async () => {
    const inside = consumer.path('node_modules/node-libvirt');
    expect((await readdir(inside)).toSorted()).toEqual([
      'CHANGELOG.md',
      'LICENSE',
      'README.md',
      'dist',
      'package.json',
    ]);
    const names = await readdir(path.join(inside, 'dist'), { recursive: true });
    const endings = new Set(names.map((name) => /\..*$/.exec(name)?.[0]).filter(Boolean));
    expect(endings).toEqual(new Set(['.js', '.d.ts']));
    const manifest = JSON.parse(await readFile(path.join(inside, 'package.json'), 'utf8'));
    expect(manifest).toMatchObject({ name: 'node-libvirt', license: 'Apache-2.0' });
    expect(Object.keys(manifest)).not.toContain('dependencies');
    expect(Object.keys(manifest)).not.toContain('scripts');
    expect((await readdir(consumer.path('node_modules'))).toSorted()).toEqual([
      '.package-lock.json',
      'node-libvirt',
    ]);
  });

  const compilers = [
    { title: 'NodeNext', module: 'NodeNext', moduleResolution: 'NodeNext' },
    { title: 'a bundler', module: 'ESNext', moduleResolution: 'bundler' },
  ];
  it.each(compilers)('type-checks strictly for $title', async ({ module, moduleResolution }) => {
    await mkdir(consumer.path('node_modules/@types'), { recursive: true });
    for (const name of ['@types/node', 'undici-types']) {
      const link = symlink(path.join(modules, name), consumer.path('node_modules', name));
      await link.catch((error) => expect(error.code).toBe('EEXIST'));
    }
    const compilerOptions = {
      ...{ strict: true, noEmit: true, skipLibCheck: false, exactOptionalPropertyTypes: true },
      ...{ target: 'ES2023', lib: ['ES2024', 'ESNext.Disposable'], types: ['node'] },
      ...{ module, moduleResolution },
    };
    const names = examples.map(({ index }) => `example-${index}.ts`);
    for (const { index, code } of examples) await consumer.write(`example-${index}.ts`, code);
    await consumer.write('wrong.ts', WRONG);
    await consumer.write(
      'tsconfig.json',
      JSON.stringify({ compilerOptions, files: [...names, 'wrong.ts'] }),
    );
    const args = ['-p', consumer.directory, '--pretty', 'false'];
    const { stdout } = await run(path.join(modules, '.bin/tsc'), args).catch((error) => error);
    // Whoever misuses the types is told so; nothing else is wrong.
    expect(stdout.trim().split('\n')).toEqual([
      expect.stringMatching(/wrong\.ts\(3,31\): error TS2345: .*'number'.*'string'/),
    ]);
  });
});

const WRONG = `import { connect } from 'node-libvirt';
const connection = await connect();
connection.domainLookupByName(5);
`;

/** What importing, or requiring, gives on its own. */
const NAMES = `const names = (library) => ['connect', 'DomainState', 'LibvirtError', 'FakeDaemon'].filter((name) => name in library);`;

describe.skipIf(missing !== null).each([20, 22, 24])('with Node %i', (major) => {
  let daemon: SessionDaemon;
  let node: Awaited<ReturnType<typeof nodeProgram>>;

  beforeAll(async () => {
    node = await nodeProgram(major);
    if (node.missing !== null) console.warn(`SKIPPED: Node ${major}: ${node.missing}`);
    daemon = await SessionDaemon.start();
  });
  afterAll(() => daemon?.remove());

  const runFile = async (file: string): Promise<string> => {
    const [command, args] = daemon.command(node.file ?? '', file);
    const options = { env: daemon.env, cwd: consumer.directory, timeout: 60_000 };
    const { stdout } = await run(command, args, options);
    return stdout;
  };

  it.for(examples)('runs example $index, "$title", as it stands', async (example, { skip }) => {
    if (node.missing !== null) skip(node.missing);
    const file = await consumer.write(`example-${example.index}.mjs`, example.code);
    expect(comparable(await runFile(file))).toBe(comparable(example.prints));
  });

  it('can be imported and required', async ({ skip }) => {
    if (node.missing !== null) skip(node.missing);
    const imported = `import * as main from 'node-libvirt'; import * as testing from 'node-libvirt/testing';`;
    const required = `const main = require('node-libvirt'); const testing = require('node-libvirt/testing');`;
    const print = 'console.log(names(main).join(), names(testing).join());';
    for (const [name, load] of [
      ['names.mjs', imported],
      ['names.cjs', required],
    ] as const) {
      const file = await consumer.write(name, `${load}\n${NAMES}\n${print}\n`);
      expect(await runFile(file)).toBe('connect,DomainState,LibvirtError FakeDaemon\n');
    }
  });
});
