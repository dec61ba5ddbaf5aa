import { copyFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildNoCloudSeed } from '../../src-main/adapters/media/cloud-init.ts';
import { buildFirstBootScript, readRunner } from '../../src-main/adapters/media/first-boot.ts';
import { hashPassword } from '../../src-main/adapters/media/password-hash.ts';
import type { FirstBootTask } from '../../src-main/core/domain/first-boot.ts';
import { buildCloudImage } from '../fixtures/index.ts';
import { guestXml, waitForPhase } from '../support/daemon/guest.ts';
import { startRootDaemon, type TestDaemon, waitUntil } from '../support/daemon/index.ts';
import { missGuestAgent, useGuestAgent } from './guest-agent.ts';

const BUILD_TIMEOUT_MS = 900_000;
const BOOT_TIMEOUT_MS = 600_000;
const GUEST_SCRIPT_TIMEOUT_MS = 240_000;
const MAC = '52:54:00:0a:0b:0c';
const NAME = 'cloudy';
const RUNNER = join(import.meta.dirname, '../../resources/guest/first-boot');
const TASKS: FirstBootTask[] = [
  {
    kind: 'application',
    id: 'own',
    name: 'Own',
    commands: { debian: 'echo "Debian with $BERTH_VALUE"', fedora: 'false' },
    parameters: { value: "it's value" },
    timeoutSeconds: 60,
  },
  {
    kind: 'script',
    id: 'count',
    name: 'Count',
    commands: { any: 'ls /var/lib/berth-first-boot | wc -l | sed s/1/2/; exit 4' },
    parameters: {},
    timeoutSeconds: 60,
  },
];

let daemon: TestDaemon;
let image = '';

beforeAll(async () => {
  image = await buildCloudImage();
  daemon = await startRootDaemon();
}, BUILD_TIMEOUT_MS);
afterAll(async () => daemon?.stop());

type Reply = { return: { pid?: number; exited?: boolean; exitcode?: number; 'out-data'?: string } };

async function ask(command: string, argument: object = {}): Promise<Reply['return']> {
  const message = JSON.stringify({ execute: command, arguments: argument });
  const reply: Reply = JSON.parse(
    await daemon.virsh('qemu-agent-command', NAME, message, '--timeout', '20'),
  );
  return reply.return;
}

/** Runs a shell script in the guest through its agent and answers what it printed; a loaded host makes guests slow. */
async function inGuest(script: string): Promise<string> {
  const started = await ask('guest-exec', {
    path: '/bin/sh',
    arg: ['-c', script],
    'capture-output': true,
  });
  const answer = async () => {
    const status = await ask('guest-exec-status', { pid: started.pid });
    return status.exited === true && status;
  };
  const done = await waitUntil('the script in the guest', GUEST_SCRIPT_TIMEOUT_MS, answer, 1000);
  return Buffer.from(done['out-data'] ?? '', 'base64').toString();
}

/** One line of output a question, as every call of the agent costs an emulated guest seconds. */
const QUESTIONS = {
  result:
    'while [ ! -e /run/cloud-init/result.json ]; do sleep 1; done; tr -d "\\n" </run/cloud-init/result.json; echo',
  hostname: 'hostname',
  passwordHash: 'getent shadow ada | cut -d: -f2',
  keys: 'cat ~ada/.ssh/authorized_keys',
  sudo: 'sudo -u ada sudo -n id -u',
  address: 'ip -4 -o addr show eth0',
  schema: 'cloud-init schema --system 2>&1 | tr "\\n" " "; echo',
};

async function inspectGuest(): Promise<Record<keyof typeof QUESTIONS, string>> {
  const lines = (await inGuest(Object.values(QUESTIONS).join('\n'))).split('\n');
  const [
    result = '',
    hostname = '',
    passwordHash = '',
    keys = '',
    sudo = '',
    address = '',
    schema = '',
  ] = lines;
  return { result, hostname, passwordHash, keys, sudo, address, schema };
}

describe('a Debian cloud image with our seed', () => {
  it(
    'becomes the machine that the seed describes',
    async () => {
      const passwordHash = hashPassword('correct horse');
      const disk = join(daemon.poolDir, 'cloudy.qcow2');
      const seed = join(daemon.poolDir, 'cloudy-seed.iso');
      copyFileSync(image, disk);
      writeFileSync(
        seed,
        buildNoCloudSeed({
          instanceId: 'i-cloudy',
          hostname: 'cloudy-one',
          user: 'ada',
          passwordHash,
          sshKeys: ['ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGJlcnRo ada "the first" # it\'s'],
          progressPort: 'org.berth.progress.0',
          network: { mac: MAC },
          firstBoot: buildFirstBootScript(readRunner(RUNNER), TASKS),
        }),
      );
      const xml = guestXml({ name: NAME, disk, seed, memoryMiB: 1024 }, daemon.poolDir);
      writeFileSync(
        join(daemon.dir, 'cloudy.xml'),
        xml.replace(
          "<source network='default'/>",
          `<mac address='${MAC}'/><source network='default'/>`,
        ),
      );
      await daemon.virsh('define', '--validate', join(daemon.dir, 'cloudy.xml'));
      const started = performance.now();
      await daemon.virsh('start', NAME);
      const progress = await waitForPhase(daemon, NAME, 'ready', BOOT_TIMEOUT_MS);
      console.log(`cloud image: start to ready ${Math.round(performance.now() - started)} ms`);
      expect(
        progress.map(({ phase, task, state, exit, lines }) => [
          phase,
          ...(phase === 'apps' ? [task, state, exit, lines] : []),
        ]),
      ).toEqual([
        ['boot'],
        ['apps', 0, 'running', undefined, undefined],
        ['apps', 0, 'done', 0, ["Debian with it's value"]],
        ['apps', 1, 'running', undefined, undefined],
        ['apps', 1, 'failed', 4, ['2']],
        ['ready'],
      ]);

      await waitUntil(
        'the guest agent',
        120_000,
        () =>
          ask('guest-ping').then(
            () => true,
            () => false,
          ),
        1000,
      );
      const guest = await inspectGuest();
      expect(JSON.parse(guest.result)).toMatchObject({
        v1: { errors: [], datasource: expect.stringContaining('NoCloud') },
      });
      expect(guest).toMatchObject({
        hostname: 'cloudy-one',
        passwordHash,
        keys: expect.stringContaining(`ada "the first" # it's`),
        sudo: '0',
        address: expect.stringMatching(/inet 192\.168\.122\.\d+\//),
        schema: expect.stringContaining('Valid'),
      });
      const begun = performance.now();
      await useGuestAgent(daemon.uri, NAME, { hostname: 'cloudy-one', user: 'ada', mac: MAC });
      console.log(`guest agent: ${Math.round(performance.now() - begun)} ms`);
      await daemon.virsh('shutdown', NAME, '--mode', 'acpi');
      await waitUntil(
        'the guest to power off',
        240_000,
        async () => (await daemon.virsh('domstate', NAME)).trim() === 'shut off',
      );
      await missGuestAgent(daemon.uri, NAME);
    },
    BOOT_TIMEOUT_MS + 600_000,
  );
});
