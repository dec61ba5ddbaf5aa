import { describe, expect, it } from 'vitest';
import { STOP_PATIENCE_MS } from '../../../src-main/core/lifecycle/power.ts';
import { LifecycleBench } from './lifecycle-bench.ts';

async function withMachine(power: 'off' | 'running' | 'paused') {
  const bench = new LifecycleBench();
  const domain = bench.addMachine('a', { power });
  await bench.link.connect();
  await bench.clock.settle();
  bench.events.length = 0;
  return { bench, domain, row: () => bench.library.get('id-a') };
}

describe('power commands', () => {
  it('starts, pauses, resumes and kills', async () => {
    const { bench, row } = await withMachine('off');
    const states: string[] = [];
    for (const command of ['start', 'pause', 'resume', 'kill'] as const) {
      await bench.power.run('id-a', command);
      states.push(row().power);
    }
    expect(states).toEqual(['running', 'paused', 'running', 'off']);
    bench.close();
  });

  it.each([
    ['off', 'stop', 'machine_not_running'],
    ['off', 'kill', 'machine_not_running'],
    ['off', 'resume', 'machine_not_paused'],
    ['running', 'start', 'machine_running'],
    ['running', 'resume', 'machine_not_paused'],
    ['paused', 'start', 'machine_paused'],
    ['paused', 'stop', 'machine_paused'],
    ['paused', 'reboot', 'machine_paused'],
  ] as const)('refuses, when it is %s, to %s: %s', async (power, command, code) => {
    const { bench } = await withMachine(power);
    const before = bench.hypervisor.calls.length;
    await expect(bench.power.run('id-a', command)).rejects.toMatchObject({ code });
    expect(bench.hypervisor.calls).toHaveLength(before);
  });

  it('shows stopping until the guest has powered off', async () => {
    const { bench, domain, row } = await withMachine('running');
    bench.hypervisor.shutdownDomain = async () => undefined;
    await bench.power.run('id-a', 'stop');
    expect(row().power).toBe('stopping');
    bench.host.setPower(domain, 'off');
    expect(row().power).toBe('off');
    await bench.clock.advance(STOP_PATIENCE_MS);
    expect(row().notes).toEqual([]);
    bench.close();
  });

  it('says so when the guest ignores it, and leaves it alone', async () => {
    const { bench, domain, row } = await withMachine('running');
    bench.hypervisor.shutdownDomain = async () => undefined;
    await bench.power.run('id-a', 'stop');
    await bench.clock.advance(STOP_PATIENCE_MS);
    expect(row().power).toBe('running');
    expect(row().notes.map((note) => note.code)).toEqual(['stop_ignored']);
    expect(domain.power).toBe('running');
    bench.host.setPower(domain, 'off');
    expect(row().notes).toEqual([]);
    bench.close();
  });

  it('takes the pending state back when libvirt refuses', async () => {
    const { bench, row } = await withMachine('off');
    bench.hypervisor.fault = ({ method, phase }) => {
      if (method === 'startDomain' && phase === 'before') throw new Error('no');
    };
    await expect(bench.power.run('id-a', 'start')).rejects.toThrow('no');
    expect(row().power).toBe('off');
    expect(bench.types()).toEqual(['vms.status_changed', 'vms.status_changed']);
  });

  it('makes one command of two equal ones, and never overlaps those of one machine', async () => {
    const { bench } = await withMachine('off');
    let running = 0;
    let most = 0;
    bench.hypervisor.fault = async ({ method, phase }) => {
      if (!['startDomain', 'suspendDomain'].includes(method)) return;
      running += phase === 'before' ? 1 : -1;
      most = Math.max(most, running);
      await bench.clock.settle();
    };
    await Promise.all([
      bench.power.run('id-a', 'start'),
      bench.power.run('id-a', 'start'),
      bench.power.run('id-a', 'pause'),
    ]);
    const calls = bench.hypervisor.calls.filter((call) => /^(start|suspend)Domain/.test(call));
    expect(calls).toEqual(['startDomain 0000-a', 'suspendDomain 0000-a']);
    expect(most).toBe(1);
    bench.close();
  });

  it('keeps its hands off a machine that is being made', async () => {
    const { bench } = await withMachine('running');
    bench.addCreation('a', 'running');
    await expect(bench.power.run('id-a', 'stop')).rejects.toMatchObject({
      code: 'machine_in_creation',
    });
  });

  it('commands a machine that is being set up', async () => {
    const { bench } = await withMachine('running');
    bench.addCreation('a', 'provisioning');
    await bench.power.run('id-a', 'kill');
    expect(bench.library.get('id-a').power).toBe('off');
  });

  it('commands the machines of other tools as well', async () => {
    const { bench } = await withMachine('off');
    bench.host.addDomain('b', { uuid: 'uuid-b' });
    await bench.library.refresh();
    await bench.power.run('uuid-b', 'start');
    expect(bench.library.get('uuid-b').power).toBe('running');
    bench.close();
  });

  it('forces a guest off that has not powered off in time', async () => {
    const { bench, row } = await withMachine('running');
    bench.hypervisor.shutdownDomain = async () => undefined;
    const off = bench.power.stopWithin('id-a', 20);
    await bench.clock.advance(19_000);
    expect(row().power).toBe('stopping');
    expect(bench.hypervisor.calls).not.toContain('destroyDomain 0000-a');
    await bench.clock.advance(1_000);
    await off;
    expect(row().power).toBe('off');
    expect(bench.hypervisor.calls).toContain('destroyDomain 0000-a');
    bench.close();
  });

  it('forces nothing when the guest powers off by itself', async () => {
    const { bench, domain, row } = await withMachine('running');
    bench.hypervisor.shutdownDomain = async () => undefined;
    const off = bench.power.stopWithin('id-a', 20);
    await bench.clock.settle();
    bench.host.setPower(domain, 'off');
    await off;
    expect(row().power).toBe('off');
    expect(bench.hypervisor.calls).not.toContain('destroyDomain 0000-a');
    bench.close();
  });

  it('knows that a machine is off when its event was lost', async () => {
    const { bench, domain, row } = await withMachine('running');
    bench.hypervisor.destroyDomain = async () => {
      domain.power = 'off';
    };
    await bench.power.run('id-a', 'kill');
    expect(row().power).toBe('off');
    bench.close();
  });
});
