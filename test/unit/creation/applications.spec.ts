import { describe, expect, it } from 'vitest';
import type { Application } from '../../../src-contract/model/application.ts';
import { chooseApplications, firstBootTasks } from '../../../src-main/core/domain/first-boot.ts';
import { request, TestBench } from './test-bench.ts';

const application = (id: string, more: Partial<Application> = {}): Application => ({
  id,
  name: id,
  description: '',
  commands: { debian: `install ${id}`, alpine: 'true' },
  parameters: [{ name: 'port', label: 'Port', default: '80', pattern: '[0-9]+' }],
  timeoutSeconds: 60,
  builtIn: true,
  ...more,
});
const CATALOGUE = [
  application('git'),
  application('web'),
  application('setup', { commands: { windows: 'winget' } }),
];
const SCRIPT = { name: 'Say hello', shell: 'sh', content: 'echo hello' } as const;

function world(fromTemplate: { id: string; parameters: Record<string, string> }[] = []) {
  const bench = new TestBench();
  const berth = bench.process();
  berth.applications = CATALOGUE;
  berth.templates = berth.templates.map((one) =>
    one.id === 'blank' ? one : { ...one, applications: fromTemplate, firstBootScripts: [SCRIPT] },
  );
  return { bench, berth };
}

const findings = async (applications: unknown[], templateId = 'image') => {
  const { bench, berth } = world();
  const chosen = applications as { id: string; parameters: Record<string, string> }[];
  const plan = await bench.clock.run(
    berth.service.plan(request(templateId, 'one', { applications: chosen })),
  );
  return plan.findings.filter(({ severity }) => severity === 'error').map(({ code }) => code);
};

describe('which applications a machine gets', () => {
  it('are the template’s and its own; its own parameters win, the catalogue’s are the last', () => {
    const chosen = chooseApplications(
      [{ id: 'web', parameters: { port: '1', root: '/a' } }],
      [
        { id: 'git', parameters: {} },
        { id: 'web', parameters: { port: '2' } },
      ],
    );
    expect(chosen).toEqual([
      { id: 'web', parameters: { port: '2', root: '/a' } },
      { id: 'git', parameters: {} },
    ]);
    const os = { family: 'linux', label: 'Linux' } as const;
    const scripts = [SCRIPT, { ...SCRIPT, shell: 'powershell' as const }];
    const tasks = firstBootTasks({ os, firstBootScripts: scripts }, chosen, CATALOGUE);
    expect(tasks.map(({ kind, id, parameters }) => [kind, id, parameters])).toEqual([
      ['application', 'web', { port: '2' }],
      ['application', 'git', { port: '80' }],
      ['script', 'Say hello', {}],
    ]);
  });

  it.each([
    ['one that is in no catalogue', [{ id: 'none', parameters: {} }], ['application_missing']],
    ['one for another system', [{ id: 'setup', parameters: {} }], ['application_family']],
    [
      'a parameter that it has not',
      [{ id: 'git', parameters: { x: '1' } }],
      ['application_parameter'],
    ],
    [
      'a value that does not match',
      [{ id: 'git', parameters: { port: '80;' } }],
      ['application_parameter'],
    ],
    ['all in order', [{ id: 'git', parameters: { port: '8080' } }], []],
  ])('are checked before anything is made: %s', async (_what, chosen, codes) => {
    expect(await findings(chosen)).toEqual(codes);
  });

  it('are refused where nothing would install them', async () => {
    expect(await findings([{ id: 'git', parameters: {} }], 'blank')).toEqual([
      'applications_unsupported',
    ]);
  });
});

describe('what the template needs', () => {
  it.each([
    ['vcpus', { vcpus: 4, memoryBytes: 0, diskBytes: 0 }, false, 'template_minimum'],
    ['memory', { vcpus: 0, memoryBytes: 2 ** 40, diskBytes: 0 }, false, 'template_minimum'],
    ['disk', { vcpus: 0, memoryBytes: 0, diskBytes: 2 ** 40 }, false, 'template_minimum'],
    ['KVM', { vcpus: 0, memoryBytes: 0, diskBytes: 0 }, true, 'template_needs_kvm'],
  ])('is checked: %s', async (_what, minimum, needsKvm, code) => {
    const { bench, berth } = world();
    berth.templates = berth.templates.map((one) => ({ ...one, minimum, needsKvm }));
    if (needsKvm) bench.host.abilities.kvm = { offered: false, works: false, reason: null };
    const { findings: found } = await bench.clock.run(berth.service.plan(request('blank')));
    expect(found.filter(({ severity }) => severity === 'error').map((one) => one.code)).toEqual([
      code,
    ]);
  });
});

describe('what becomes of the tasks', () => {
  it.each(['tryout', 'image'])('is kept, shown and told on the machine: %s', async (template) => {
    const { bench, berth } = world([{ id: 'git', parameters: {} }]);
    const applications = [{ id: 'web', parameters: { port: '81' } }];
    const { creationId, machineId } = await berth.service.start(
      request(template, 'one', { applications }),
    );
    await berth.until(creationId, 'running');
    expect(berth.media.seeds.at(-1)?.tasks.map(({ id }) => id)).toEqual([
      'git',
      'web',
      'Say hello',
    ]);
    expect(berth.service.get(creationId).applications.map(({ state }) => state)).toEqual([
      'pending',
      'pending',
      'pending',
    ]);
    await bench.clock.settle();
    const guest = bench.host.guest(bench.domainUuid());
    const line = (task: unknown, state: string, more = {}) =>
      guest.line({ phase: 'apps', task, state, ...more });
    line(0, 'running');
    line(0, 'done', { exit: 0, lines: ['a', '\u001b[2Jb'] });
    line(0, 'failed', { exit: 9 });
    line(1, 'failed', { exit: 3, lines: Array.from({ length: 50 }, (_, at) => `${at}`) });
    line(99, 'done');
    line(-1, 'done');
    line('2', 'done');
    line(2, 'exploded');
    await bench.clock.advance(500);
    const stage = berth.service.get(creationId).stages.find((one) => one.stage === 'first-boot');
    expect(stage?.progress).toBeCloseTo(2 / 3);
    guest.ready();
    const ended = await berth.until(creationId, 'ready');
    expect(ended.state).toBe('completed');
    expect(ended.applications).toMatchObject([
      { id: 'git', kind: 'application', state: 'done', exitCode: 0, lastLines: ['a', '[2Jb'] },
      { id: 'web', kind: 'application', state: 'failed', exitCode: 3 },
      { id: 'Say hello', kind: 'script', state: 'pending', exitCode: null },
    ]);
    expect(ended.applications[1]?.lastLines).toHaveLength(20);
    const note = {
      code: 'application_failed',
      message: expect.stringContaining('web (exit code 3)'),
    };
    expect(ended.notes).toContainEqual(expect.objectContaining(note));
    expect(bench.database.machines.get(machineId)?.notes).toContainEqual(
      expect.objectContaining(note),
    );
  });

  it('leaves no note when all went well, and no seed where there is nothing to run', async () => {
    const { bench, berth } = world();
    berth.templates = berth.templates.map((one) => ({ ...one, firstBootScripts: [] }));
    const { creationId } = await berth.service.start(request('tryout'));
    await berth.until(creationId, 'running');
    expect(berth.media.seeds).toEqual([]);
    await bench.clock.settle();
    bench.host.guest(bench.domainUuid()).ready();
    const ended = await berth.until(creationId, 'ready');
    expect(ended.notes.map(({ code }) => code)).not.toContain('application_failed');
  });
});
