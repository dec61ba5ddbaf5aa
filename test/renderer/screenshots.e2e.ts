import { creation, machine, media, plan, spaceError, stages } from './fake/fixtures.ts';
import { expect, test } from './fake/test.ts';

const SIZES = [
  { width: 900, height: 640 },
  { width: 1280, height: 800 },
  { width: 1680, height: 1050 },
];

const few = [
  machine(1, { name: 'web', power: 'running' }),
  machine(2, { name: 'database', power: 'off', osLabel: 'Ubuntu 24.04', addresses: [] }),
  machine(3, { name: 'build-agent', power: 'paused' }),
  machine(4, {
    name: 'windows-legacy',
    origin: 'external',
    osLabel: 'Windows 11',
    templateId: null,
    power: 'running',
    provisioning: 'none',
  }),
  machine(5, { name: 'lab-router', power: 'crashed', addresses: [] }),
  machine(6, { name: 'fresh', provisioning: 'first-boot', addresses: [] }),
];

const VIEWS = [
  { name: 'library-empty', state: {}, address: '#/' },
  {
    name: 'library-few',
    state: {
      machines: few,
      creations: [
        creation(),
        creation({
          id: 'c3',
          machineId: 'm902',
          name: 'too-big',
          state: 'failed',
          error: spaceError,
        }),
      ],
    },
    address: '#/',
  },
  {
    name: 'library-many',
    state: {
      machines: Array.from({ length: 400 }, (_, i) =>
        machine(i, { power: i % 3 ? 'running' : 'off' }),
      ),
    },
    address: '#/',
  },
  { name: 'gallery', state: {}, address: '#/create' },
  { name: 'create', state: {}, address: '#/create/debian-12' },
  {
    name: 'creation',
    state: {
      creations: [
        creation({
          stage: 'first-boot',
          state: 'provisioning',
          stages: stages('first-boot', 'running', {
            message: 'cloud-init: installing packages',
            progress: 0.4,
          }),
        }),
      ],
      machines: [machine(900, { name: 'try-out-linux', provisioning: 'first-boot' })],
    },
    address: '#/creation/c1',
  },
  {
    name: 'creation-failed',
    state: {
      creations: [
        creation({
          state: 'failed',
          error: spaceError,
          endedAt: creation().createdAt + 4000,
          stages: stages('storage', 'failed'),
          undone: [
            { kind: 'volume', name: 'try-out-linux.qcow2', verified: true },
            { kind: 'volume', name: 'try-out-linux-seed.iso', verified: true },
          ],
        }),
      ],
    },
    address: '#/creation/c1',
  },
  { name: 'machine', state: { machines: few }, address: '#/machine/m1' },
  {
    name: 'media',
    state: {
      media: [
        media(),
        media({
          id: 'img2',
          name: 'ubuntu-24.04',
          state: 'importing',
          progress: 0.4,
          usedBy: 0,
          sha256: null,
        }),
      ],
    },
    address: '#/media',
  },
  { name: 'host', state: {}, address: '#/host' },
] as const;

test.skip(!process.env['BERTH_SCREENSHOTS'], 'set BERTH_SCREENSHOTS to a folder to take pictures');

for (const view of VIEWS) {
  for (const scheme of ['light', 'dark'] as const) {
    test(`${view.name} ${scheme}`, async ({ page, open }) => {
      await page.emulateMedia({ colorScheme: scheme });
      const main = await open(
        {
          ...view.state,
          machines: [...('machines' in view.state ? view.state.machines : [])],
          creations: [...('creations' in view.state ? view.state.creations : [])],
        },
        `/index.html${view.address}`,
      );
      main.handle('creations.plan', () =>
        plan({
          findings: [
            {
              code: 'media_missing',
              severity: 'error',
              message: 'Choose the image that the disk starts from.',
              field: 'overrides.mediaId',
              fix: {
                action: 'set-field',
                label: 'Use debian-12-generic-amd64',
                field: 'overrides.mediaId',
                value: 'img1',
              },
            },
            {
              code: 'network_inactive',
              severity: 'warning',
              message: 'The network “default” is not active.',
              hint: 'It can be started now.',
              fix: { action: 'start-network', label: 'Start it', network: 'default' },
            },
          ],
        }),
      );
      for (const size of SIZES) {
        await page.setViewportSize(size);
        await expect(page.locator('.view')).toBeVisible();
        await page.waitForTimeout(500);
        await page.screenshot({
          path: `${process.env['BERTH_SCREENSHOTS']}/${view.name}-${scheme}-${size.width}.png`,
        });
      }
    });
  }
}
