import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { BerthError } from '../../../src-main/core/errors.ts';
import { at } from '../../unit/creation/fault-tools.ts';
import { request } from '../../unit/creation/test-bench.ts';
import { filesBelow, findBelow, findIn } from './planted.ts';
import { ENCODED, PASSWORD, PlantedHost, PRODUCT_KEY, type Process } from './planted-host.ts';

const DAY = 24 * 60 * 60 * 1000;
const UNTIL_RUNNING = 'running';

const wish = (name: string) =>
  request('image', name, { password: PASSWORD, productKey: PRODUCT_KEY });

describe('what is kept and told', () => {
  let world: PlantedHost;
  beforeEach(() => {
    // Displays of an ordinary user's Berth listen on 127.0.0.1, with a password.
    vi.spyOn(process, 'geteuid').mockReturnValue(1000);
    world = new PlantedHost();
  });
  afterEach(async () => {
    await world[Symbol.asyncDispose]();
    vi.restoreAllMocks();
  });

  async function end(berth: Process, creationId: string): Promise<void> {
    await world.clock.run(berth.berth.creations.settled(creationId, 'ready'));
    await world.clock.settle();
  }

  async function begin(berth: Process, name: string): Promise<string> {
    const started = await world.clock.run(berth.call('creations.start', wish(name)));
    return started.creationId;
  }

  /** Everything that a window or the command line can ask for, and all that was told by itself. */
  async function answers(berth: Process): Promise<string> {
    const { creations, history } = berth.berth;
    const list = creations.list();
    return JSON.stringify([
      await berth.call('app.snapshot', undefined),
      list,
      list.map(({ id }) => creations.log(id)),
      await berth.call('audit.query', {}),
      await berth.call('metrics.get', {}),
      history.prometheus(),
      world.processes.flatMap(({ events }) => events),
      [...world.host.domains.values()].map(({ metadata, name, title }) => [metadata, name, title]),
      [...world.host.domains.values()].map(({ xml }) => xml.replace(/ passwd="[^"]*"/g, '')),
    ]);
  }

  async function expectClean(berth: Process): Promise<void> {
    const planted = world.planted();
    expect(planted.length).toBeGreaterThanOrEqual(4);
    expect(findIn(await answers(berth), planted)).toEqual([]);
    expect(findBelow(world.home, planted)).toEqual([]);
  }

  it('is searched by something that finds', () => {
    const planted = [{ what: 'it', secret: PASSWORD }];
    const forms = [
      PASSWORD,
      JSON.stringify({ a: PASSWORD }),
      encodeURIComponent(PASSWORD),
      Buffer.from(`x${PASSWORD}x`).toString('base64'),
      Buffer.from(`xx${PASSWORD}x`).toString('base64'),
      `<a b="${PASSWORD.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')}"/>`,
    ];
    for (const form of forms) expect(findIn(form, planted)).toEqual(['it']);
    expect(findIn('nothing of it', planted)).toEqual([]);
  });

  it('holds no secret of a creation that succeeds, whatever its guest says', async () => {
    const berth = await world.start();
    const id = await begin(berth, 'good');
    await world.clock.run(berth.berth.creations.settled(id, UNTIL_RUNNING));
    const display = world.displayPassword();
    await world.clock.settle();
    const guest = world.host.guest([...world.host.domains.keys()][0] ?? '');
    guest.line({ phase: 'users', pct: 10, message: `chpasswd alice:${PASSWORD}` });
    guest.line({ phase: 'keys', pct: 20, message: `slmgr /ipk ${PRODUCT_KEY} ${display}` });
    guest.write(`not JSON: ${PASSWORD}\n`);
    await world.clock.advance(1000);
    guest.ready();
    await end(berth, id);
    expect(berth.berth.creations.get(id).state).toBe('completed');
    expect(JSON.stringify(berth.berth.creations.log(id))).toContain('chpasswd alice:********');
    await expectClean(berth);
    const volumes = [...world.host.pools.values()].flatMap((pool) => [...pool.volumes.values()]);
    const content = volumes.map((volume) => Buffer.concat(volume.content).toString());
    expect(findIn(content.join(), world.planted())).toEqual([]);
  });

  it('holds no secret of one that fails with an error that quotes them', async () => {
    const berth = await world.start();
    at(berth, { method: 'startDomain' }, 'before', () => {
      const quoted = `passwd='${world.displayPassword()}' for ${PASSWORD}`;
      throw new BerthError('libvirt_failed', `unsupported configuration: ${quoted}`, {
        hint: `Not ${PRODUCT_KEY}`,
        cause: new Error(`${quoted} ${Buffer.from(PASSWORD).toString('base64')}`),
      });
    });
    const id = await begin(berth, 'bad');
    await end(berth, id);
    expect(berth.berth.creations.get(id)).toMatchObject({
      state: 'failed',
      error: { code: 'libvirt_failed', message: expect.stringContaining('********') },
    });
    await expectClean(berth);
  });

  it('holds no secret of one whose undo fails with them', async () => {
    const berth = await world.start();
    berth.hypervisor.fault = ({ method, phase }) => {
      if (method === 'startDomain') throw new Error(`no start with ${world.displayPassword()}`);
      if (method === 'undefineDomain' && phase === 'before') {
        throw new BerthError('libvirt_failed', `still there: ${PASSWORD}`);
      }
    };
    const id = await begin(berth, 'stuck');
    await world.clock.run(berth.berth.creations.settled(id, 'ready'));
    expect(berth.berth.creations.get(id).state).toBe('rolling-back');
    await expectClean(berth);
    berth.hypervisor.fault = null;
    await world.clock.run(berth.berth.recover());
    await end(berth, id);
    await expectClean(berth);
  });

  it('holds no secret of one that is cancelled, or whose guest gives up', async () => {
    const berth = await world.start();
    const first = await begin(berth, 'cancelled');
    await world.clock.run(berth.berth.creations.settled(first, UNTIL_RUNNING));
    world.displayPassword();
    await world.clock.run(berth.call('creations.cancel', { creationId: first }));
    await end(berth, first);
    const second = await begin(berth, 'failing');
    await world.clock.run(berth.berth.creations.settled(second, UNTIL_RUNNING));
    const display = world.displayPassword();
    await world.clock.settle();
    world.host
      .guest([...world.host.domains.keys()][0] ?? '')
      .line({ phase: 'error', message: `cannot log in as ${PASSWORD} ${display}` });
    await end(berth, second);
    expect(berth.berth.creations.list().map(({ state }) => state)).toEqual(['cancelled', 'failed']);
    await expectClean(berth);
  });

  it('holds no secret of one whose process was killed, nor do the backups', async () => {
    const first = await world.start();
    at(first, { method: 'startDomain' }, 'after', () => {
      world.displayPassword();
      world.kill(first);
    });
    const id = await begin(first, 'orphan');
    await world.clock.advance(2 * DAY);
    const second = await world.start();
    await world.clock.run(second.berth.recover());
    await end(second, id);
    expect(second.berth.creations.get(id).state).toBe('failed');
    await expectClean(second);
    const names = filesBelow(world.home).map((file) => file.slice(world.home.length + 1));
    expect(names).toContain('berth.db-wal');
    expect(names.filter((name) => name.startsWith('backups/'))).toHaveLength(1);
    const commands = (await second.call('audit.query', {})).map(({ command }) => command);
    expect(commands).toEqual(
      expect.arrayContaining(['creations.start', 'creation.failed', 'creation.recovered']),
    );
  });

  it('holds nothing that a guest was given when another process hears it', async () => {
    const first = await world.start();
    const id = await begin(first, 'heir');
    await world.clock.run(first.berth.creations.settled(id, UNTIL_RUNNING));
    world.displayPassword();
    world.kill(first);
    const second = await world.start();
    await world.clock.run(second.berth.recover());
    await world.clock.settle();
    const guest = world.host.guest([...world.host.domains.keys()][0] ?? '');
    const hash = first.media.seeds.at(-1)?.passwordHash ?? '';
    expect(hash).toContain('$6$');
    guest.line({ phase: 'users', pct: 10, message: `usermod -p ${hash} alice` });
    await world.clock.advance(1000);
    expect(JSON.stringify(second.berth.creations.log(id))).toContain('usermod -p ******** alice');
    guest.ready();
    await end(second, id);
    expect(second.berth.creations.get(id).state).toBe('completed');
    await expectClean(second);
  });

  it('holds no secret of a Windows, whose answers carry the password itself', async () => {
    const first = await world.start();
    const windows = { ...wish('windows'), templateId: 'windows' };
    const plan = await world.clock.run(first.call('creations.plan', windows));
    expect(plan.seed).not.toEqual([]);
    expect(findIn(JSON.stringify(plan), world.planted())).toEqual([]);
    const id = (await world.clock.run(first.call('creations.start', windows))).creationId;
    await world.clock.run(first.berth.creations.settled(id, UNTIL_RUNNING));
    const display = world.displayPassword();
    await world.clock.settle();
    expect(first.media.windows.at(-1)).toMatchObject({
      password: ENCODED,
      productKey: PRODUCT_KEY,
    });
    const guest = world.host.guest([...world.host.domains.keys()][0] ?? '');
    const said = `slmgr /ipk ${PRODUCT_KEY} ${ENCODED} net user ${PASSWORD} ${display}`;
    guest.line({ phase: 'install', pct: 70, message: said });
    await world.clock.advance(1000);
    await expectClean(first);
    world.kill(first);
    const second = await world.start();
    await world.clock.run(second.berth.recover());
    await world.clock.settle();
    // It was started anew, since nothing was on its disk.
    const again = world.host.guest([...world.host.domains.keys()][0] ?? '');
    again.line({ phase: 'boot', pct: 10, message: `${PRODUCT_KEY} ${ENCODED} ${PASSWORD}` });
    await world.clock.settle();
    const told = JSON.stringify(second.berth.creations.log(id));
    expect(told).toContain('boot: ******** ******** ********');
    again.ready();
    await end(second, id);
    expect(second.berth.creations.get(id).state).toBe('completed');
    await expectClean(second);
    const volumes = [...world.host.pools.values()].flatMap((pool) => [...pool.volumes.values()]);
    const content = volumes.map((volume) => Buffer.concat(volume.content).toString());
    expect(findIn(content.join(), world.planted())).toEqual([]);
  });

  it('holds no secret of one that was refused, whoever logs why', async () => {
    const berth = await world.start();
    berth.media.refusing = true;
    const refused = world.clock.run(berth.call('creations.start', wish('refused')));
    const error = await refused.catch((reason: unknown) => reason);
    expect(String(error)).toContain(PASSWORD);
    berth.berth.ports.log.error('a request failed unexpectedly', { error });
    const log = readFileSync(join(world.home, 'logs/berth.log'), 'utf8');
    expect(log).toContain('crypt refuses [redacted] beside [redacted]');
    expect(findBelow(world.home, world.planted())).toEqual([]);
    expect(berth.berth.creations.list()).toEqual([]);
  });

  it('names creation, stage, template and department in each line of a log', async () => {
    const berth = await world.start();
    at(berth, { method: 'defineDomain' }, 'before', () => {
      throw new BerthError('libvirt_failed', 'no');
    });
    const id = await begin(berth, 'logged');
    await end(berth, id);
    const lines = readFileSync(join(world.home, 'logs/berth.log'), 'utf8')
      .split('\n')
      .filter(Boolean)
      .map((line): Record<string, unknown> => JSON.parse(line));
    const own = lines.filter(({ creationId }) => creationId === id);
    expect(own.length).toBeGreaterThan(10);
    expect(lines.filter(({ creationId }) => creationId !== id)).toEqual([]);
    for (const line of own) {
      expect(line).toMatchObject({ templateId: 'image', departmentId: 'personal', name: 'logged' });
      expect(line['stage']).toMatch(/^[a-z-]+$/);
    }
    expect(own.map(({ message }) => message)).toEqual(
      expect.arrayContaining(['a stage begins', 'a stage ends', 'a creation was undone']),
    );
  });
});
