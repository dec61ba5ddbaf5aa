import { copyFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createMediaBuilder } from '../../src-main/adapters/media/media-builder.ts';
import type { FirstBootTask } from '../../src-main/core/domain/first-boot.ts';
import { buildTryoutFiles } from '../fixtures/index.ts';
import { guestXml, waitForPhase } from '../support/daemon/guest.ts';
import { startRootDaemon, type TestDaemon } from '../support/daemon/index.ts';

const READY_TIMEOUT_MS = 180_000;
const GUEST = join(import.meta.dirname, '../../resources/guest');
const NAME = 'apps';

let daemon: TestDaemon;
beforeAll(async () => {
  daemon = await startRootDaemon();
}, 60_000);
afterAll(async () => daemon?.stop());

const task = (name: string, commands: FirstBootTask['commands'], timeoutSeconds = 60) => ({
  kind: 'application' as const,
  id: name,
  name,
  commands,
  parameters: { greeting: `it's "${name}"` },
  timeoutSeconds,
});

const TASKS: FirstBootTask[] = [
  task('alpine', { debian: 'exit 1', alpine: 'echo "$BERTH_GREETING"; grep -c . /etc/os-release' }),
  task('windows', { windows: 'winget' }),
  task('slow', { any: 'sleep 600' }, 2),
  task('script', { any: 'seq 1 30; exit 5' }),
];

describe('the first boot of a real guest', () => {
  it(
    'runs tasks by its family of systems and tells the host each result before it is ready',
    async () => {
      const media = createMediaBuilder({
        cacheDir: daemon.dir,
        tryoutInitPath: join(GUEST, 'tryout-init'),
        firstBootPath: join(GUEST, 'first-boot'),
        windowsFirstBootPath: join(GUEST, 'first-boot.ps1'),
      });
      const files = await buildTryoutFiles();
      const [kernel, initrd] = [join(daemon.poolDir, 'kernel'), join(daemon.poolDir, 'initrd')];
      copyFileSync(files.kernel, kernel);
      copyFileSync(files.initrd, initrd);
      const seed = join(daemon.poolDir, 'seed.iso');
      const { bytes } = media.seed({
        instanceId: 'i-apps',
        hostname: NAME,
        user: null,
        passwordHash: null,
        sshKeys: [],
        tasks: TASKS,
      });
      writeFileSync(seed, bytes);
      const path = join(daemon.dir, 'apps.xml');
      const boot = { path: kernel, initrd, cmdline: files.cmdline };
      writeFileSync(path, guestXml({ name: NAME, kernel: boot, seed }, daemon.poolDir));
      await daemon.virsh('define', '--validate', path);
      await daemon.virsh('start', NAME);
      const progress = await waitForPhase(daemon, NAME, 'ready', READY_TIMEOUT_MS);
      const ended = progress.filter(({ phase, state }) => phase === 'apps' && state !== 'running');
      expect(ended).toMatchObject([
        { task: 0, state: 'done', exit: 0, lines: ["it's 'alpine'", '3'] },
        { task: 1, state: 'failed', exit: 127 },
        { task: 2, state: 'timed-out' },
        { task: 3, state: 'failed', exit: 5, lines: expect.arrayContaining(['11', '30']) },
      ]);
      expect(progress.findLastIndex(({ phase }) => phase === 'apps')).toBeLessThan(
        progress.findIndex(({ phase }) => phase === 'ready'),
      );
      await daemon.virsh('destroy', NAME);
    },
    READY_TIMEOUT_MS + 60_000,
  );
});
