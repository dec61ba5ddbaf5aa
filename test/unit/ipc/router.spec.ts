import { describe, expect, it } from 'vitest';
import { invokeChannels } from '../../../src-contract/channels.ts';
import { BerthError } from '../../../src-main/core/errors.ts';
import {
  createHandlers,
  type Services,
  type WindowActions,
} from '../../../src-main/ipc/handlers.ts';
import { createRouter } from '../../../src-main/ipc/router.ts';
import { inputDefaults } from '../../fakes/defaults.ts';
import { FakeLog } from '../../fakes/fake-system.ts';

const WINDOW: WindowActions = {
  origins: ['berth://app'],
  pickImage: async () => null,
  openConsole: () => undefined,
  setFullscreen: () => undefined,
};

/** Arguments that fit most channels. */
const ANYTHING = {
  machineId: 'm1',
  creationId: 'c1',
  mediaId: 'i1',
  departmentId: 'd1',
  templateId: 'tryout',
  name: 'one',
  path: '/image.qcow2',
  on: true,
  change: {},
  quota: {},
  member: { kind: 'user', name: 'ada', role: 'viewer' },
};

/** Lets everything pass; what it refuses is in commands.spec.ts. */
const OPEN_GATE = {
  run: async <T>(_command: string, _inputs: unknown, act: () => T | Promise<T>) => act(),
};

/** Only what a test gives may be called. */
function routerOver(services: Partial<Services>, window: Partial<WindowActions> = {}) {
  const log = new FakeLog();
  const handlers = createHandlers(services as Services, { ...WINDOW, ...window });
  return { router: createRouter(handlers, OPEN_GATE, log), log, handlers };
}

describe('the router', () => {
  it('has a handler for each channel and no other', () => {
    const { handlers } = routerOver({});
    expect(Object.keys(handlers).sort()).toEqual(Object.keys(invokeChannels).sort());
  });

  it('lets no channel past a gate that refuses', async () => {
    const { handlers, log } = routerOver({});
    const gate = { run: () => Promise.reject(new BerthError('forbidden', 'no')) };
    const router = createRouter(handlers, gate, log);
    let tried = 0;
    for (const [channel, { args }] of Object.entries(invokeChannels)) {
      const fitting = [undefined, ANYTHING].find((sample) => args.safeParse(sample).success);
      if (fitting === undefined && !args.safeParse(undefined).success) continue;
      tried += 1;
      const answer = await router.dispatch(channel, fitting);
      expect([channel, answer]).toMatchObject([
        channel,
        { ok: false, error: { code: 'forbidden' } },
      ]);
    }
    expect(tried).toBeGreaterThan(30);
  });

  it('parses, calls and wraps the result', async () => {
    const killed: unknown[] = [];
    const power = { run: async (...args: unknown[]) => void killed.push(args) };
    const { router } = routerOver({ power: power as unknown as Services['power'] });
    const answer = await router.dispatch('machines.kill', { machineId: 'm1', extra: true });
    expect(answer).toEqual({ ok: true, value: undefined });
    expect(killed).toEqual([['m1', 'kill']]);
  });

  it('fills in the defaults of a request', async () => {
    const requests: unknown[] = [];
    const creations = {
      start: async (request: unknown) => {
        requests.push(request);
        return { creationId: 'c', machineId: 'm' };
      },
    };
    const { router } = routerOver({ creations: creations as unknown as Services['creations'] });
    const answer = await router.dispatch('creations.start', { templateId: 'tryout', name: 'a' });
    expect(answer).toEqual({ ok: true, value: { creationId: 'c', machineId: 'm' } });
    expect(requests).toEqual([{ ...inputDefaults, templateId: 'tryout', name: 'a' }]);
  });

  it.each([
    ['machines.kill', undefined, 'machines.kill'],
    ['machines.kill', { machineId: '' }, 'machineId'],
    ['creations.start', { templateId: 't', name: 'n', overrides: { vcpus: 0 } }, 'overrides.vcpus'],
    ['app.snapshot', { surprise: 1 }, 'app.snapshot'],
    ['no.such', {}, 'no.such'],
    ['toString', {}, 'toString'],
  ])('refuses %s with %o and names %s', async (channel, args, named) => {
    const answer = await routerOver({}).router.dispatch(channel, args);
    expect(answer).toMatchObject({
      ok: false,
      error: { code: 'bad_request', message: expect.stringContaining(named) },
    });
  });

  it('hands expected failures over whole', async () => {
    const error = new BerthError('machine_in_use', 'In use', {
      hint: 'Stop it',
      stage: 'define',
      retryable: true,
      cause: new Error('lower'),
    });
    const { router, log } = routerOver({ deleteMachine: () => Promise.reject(error) });
    const answer = await router.dispatch('machines.delete', { machineId: 'm' });
    expect(answer).toEqual({
      ok: false,
      error: {
        code: 'machine_in_use',
        message: 'In use',
        hint: 'Stop it',
        stage: 'define',
        retryable: true,
        cause: 'lower',
      },
    });
    expect(log.lines).toEqual([]);
  });

  it('logs unexpected ones with their stack and sends none of it', async () => {
    const { router, log } = routerOver({
      doctor: () => Promise.reject(new TypeError('secret detail')),
    });
    const answer = await router.dispatch('host.doctor', undefined);
    expect(answer).toMatchObject({ ok: false, error: { code: 'internal_error' } });
    expect(JSON.stringify(answer)).not.toContain('secret detail');
    expect(log.lines.join()).toContain('TypeError: secret detail');
    expect(log.lines.join()).toContain('router.spec.ts');
  });

  it('serves its own window', async () => {
    const done: unknown[] = [];
    const { router } = routerOver(
      {
        consoleTicket: async (...args) => ({ url: String(args), protocol: 'spice', password: '' }),
      },
      { setFullscreen: (on) => void done.push(on) },
    );
    await router.dispatch('console.fullscreen', { on: true });
    expect(done).toEqual([true]);
    expect(await router.dispatch('console.ticket', { machineId: 'm' })).toMatchObject({
      value: { url: 'm,berth://app' },
    });
    expect(await router.dispatch('media.pick', undefined)).toEqual({ ok: true, value: null });
  });
});
