// The import table of the architecture: which folder may import what. `npm run check` enforces it.
const SPEC = '\\.spec\\.tsx?$';
const only = (name, from, allowed) => ({
  name,
  severity: 'error',
  from: { path: from, pathNot: SPEC },
  to: { pathNot: allowed },
});

const NODE = '^node:';
const npm = (...names) => `^node_modules/(${names.join('|')})(/|$)`;
const CONTRACT_MODEL = '^src-contract/model/';
const CONTRACT = '^src-contract/';
const CORE = '^src-main/core/';
const ERRORS = `${CORE}errors\\.ts$`;
const DOMAIN = `${CORE}domain/`;
const PORTS = `${CORE}ports/`;
const BUILTIN =
  '^(assert|buffer|child_process|crypto|events|fs|http|module|net|os|path|process|stream|timers|url|util|v8|worker_threads|zlib|perf_hooks|readline|string_decoder|tty)(/|$)';

module.exports = {
  forbidden: [
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    { name: 'resolvable', severity: 'error', from: {}, to: { couldNotResolve: true } },
    only('contract-model', '^src-contract/model/', [CONTRACT_MODEL, npm('zod')]),
    only('contract', '^src-contract/[^/]+\\.ts$', [CONTRACT, npm('zod')]),
    only('preload', '^src-preload/', ['^src-preload/', CONTRACT, npm('electron')]),
    only('core-errors', ERRORS, [CONTRACT_MODEL]),
    only('core-domain', DOMAIN, [CONTRACT_MODEL, DOMAIN, npm('xml-js')]),
    only('core-ports', PORTS, [CONTRACT_MODEL, PORTS, DOMAIN, ERRORS]),
    only('core-creation', `${CORE}creation/`, [
      CONTRACT_MODEL,
      `${CORE}creation/`,
      DOMAIN,
      PORTS,
      ERRORS,
    ]),
    only('core-lifecycle', `${CORE}lifecycle/`, [
      CONTRACT_MODEL,
      `${CORE}lifecycle/`,
      `${CORE}creation/index\\.ts$`,
      DOMAIN,
      PORTS,
      ERRORS,
    ]),
    {
      name: 'adapter-own-folder',
      comment: 'An adapter knows ports, domain, errors and its own vendor; never another adapter.',
      severity: 'error',
      from: { path: '^src-main/adapters/([^/]+)/' },
      to: {
        path: '^src-',
        pathNot: ['^src-main/adapters/$1/', PORTS, DOMAIN, ERRORS, CONTRACT_MODEL],
      },
    },
    ...Object.entries({
      'node-libvirt': 'libvirt',
      'better-sqlite3': 'sqlite',
      ws: 'console',
    }).map(([vendor, folder]) => ({
      name: `vendor-${vendor}`,
      severity: 'error',
      from: { path: '^src-', pathNot: `^src-main/adapters/${folder}/` },
      to: { path: `^(node_modules/)?${vendor}/` },
    })),
    only('ipc', '^src-main/ipc/', ['^src-main/ipc/', CONTRACT, CORE, npm('zod')]),
    only('electron', '^src-main/electron/', [
      '^src-main/electron/',
      CONTRACT,
      npm('electron'),
      NODE,
      BUILTIN,
    ]),
    {
      name: 'electron-only-there',
      severity: 'error',
      from: {
        path: '^src-',
        pathNot: ['^src-main/electron/', '^src-main/main\\.ts$', '^src-preload/'],
      },
      to: { path: npm('electron') },
    },
    {
      name: 'nobody-imports-roots',
      severity: 'error',
      from: { path: '^src-' },
      to: { path: '^src-main/(main|cli)\\.ts$' },
    },
    {
      name: 'main-not-renderer',
      severity: 'error',
      from: { path: '^src-(main|contract|preload)/' },
      to: { path: '^src-renderer/' },
    },
    only('renderer-ui', '^src-renderer/ui/', [
      '^src-renderer/ui/',
      npm('react', '@types/react', 'react-dom', '@mantine', '@tabler'),
    ]),
    only('renderer-bridge', '^src-renderer/bridge/', [
      '^src-renderer/bridge/',
      '^src-renderer/store/',
      CONTRACT,
      npm('zod'),
    ]),
    only('renderer-store', '^src-renderer/store/', [
      '^src-renderer/store/',
      CONTRACT_MODEL,
      npm('zustand'),
    ]),
    {
      name: 'renderer-feature-not-feature',
      severity: 'error',
      from: { path: '^src-renderer/features/([^/]+)/' },
      to: { path: '^src-renderer/features/', pathNot: '^src-renderer/features/$1/' },
    },
    {
      name: 'renderer-stays-inside',
      severity: 'error',
      from: { path: '^src-renderer/' },
      to: { path: ['^src-main/', '^src-preload/', '^node-libvirt/', NODE, BUILTIN] },
    },
    only('libvirt-alone', '^node-libvirt/src/', ['^node-libvirt/src/', NODE, BUILTIN]),
    ...[
      ['xdr', ['wire', 'transport', 'connection', 'client', 'testing']],
      ['wire', ['transport', 'connection', 'client', 'testing']],
      ['transport', ['connection', 'client', 'testing']],
      ['connection', ['client', 'testing']],
      ['client', ['testing']],
    ].map(([layer, above]) => ({
      name: `libvirt-${layer}-downwards`,
      severity: 'error',
      from: { path: `^node-libvirt/src/${layer}/` },
      to: { path: `^node-libvirt/src/(${above.join('|')})/` },
    })),
    {
      name: 'libvirt-codec-no-io',
      severity: 'error',
      from: { path: '^node-libvirt/src/(xdr|wire)/' },
      to: { path: '^(node:)?(net|fs|child_process|tls)$' },
    },
    only('app-host-alone', '^app-host/', [
      '^app-host/',
      NODE,
      BUILTIN,
      npm('electron', 'playwright-core', '@types/node'),
    ]),
    {
      name: 'production-not-test',
      severity: 'error',
      from: { path: '^(src-|app-host/|node-libvirt/src/)', pathNot: SPEC },
      to: { path: ['^test/', npm('vitest', '@playwright')] },
    },
  ],
  options: {
    parser: 'swc',
    tsPreCompilationDeps: true,
    doNotFollow: { path: 'node_modules' },
    exclude: { path: ['^out/', '(^|/)dist/', '\\.css$', '\\?'] },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'types', 'node'],
    },
  },
};
