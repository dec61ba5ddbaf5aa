import { describe, expect, it } from 'vitest';
import { LifecycleBench } from './lifecycle-bench.ts';
import { sampleDomain } from './sample-domain.ts';

async function withMachine() {
  const bench = new LifecycleBench();
  const domain = bench.addMachine('a', { xml: sampleDomain('a') }, [
    { pool: 'berth', name: 'a.qcow2', role: 'disk' },
  ]);
  await bench.link.connect();
  const define = async (xml: string) => {
    domain.xml = xml;
    bench.host.emit({ kind: 'domain-defined', uuid: domain.uuid, name: domain.name });
    await bench.configs.settled();
  };
  return { bench, domain, define, view: () => bench.lifecycle.config('id-a') };
}

describe('the saved configuration', () => {
  it('is there after a start: definition, display, password', async () => {
    const { bench, domain, view } = await withMachine();
    expect(view()).toBeNull();
    await bench.power.run('id-a', 'start');
    await bench.configs.settled();
    expect(view()).toMatchObject({
      displayProtocol: 'spice',
      displayEndpoint: `unix:/run/${domain.uuid}.sock`,
      hasPassword: true,
      changes: [],
    });
    bench.close();
  });

  it('forgets where the display was when the machine stops', async () => {
    const { bench, domain, view } = await withMachine();
    await bench.power.run('id-a', 'start');
    bench.host.setPower(domain, 'off');
    await bench.configs.settled();
    expect(view()?.displayEndpoint).toBeNull();
    bench.close();
  });

  it('shows what another tool has changed until it is accepted or taken back', async () => {
    const { bench, define, view } = await withMachine();
    const xml = sampleDomain('a');
    await define(xml);
    await define(xml.replace("'host-model'", "'maximum'"));
    expect(view()?.changes.map(({ kind, text }) => [kind, text.trim()])).toEqual([
      ['removed', "<cpu mode='host-model'>"],
      ['added', "<cpu mode='maximum'>"],
    ]);
    await define(xml);
    expect(view()?.changes).toEqual([]);
    await define(xml.replace("'host-model'", "'maximum'"));
    bench.lifecycle.acceptChanges('id-a');
    expect(view()?.changes).toEqual([]);
    bench.close();
  });

  it('takes what Berth changes for Berth’s', async () => {
    const { bench, define, view } = await withMachine();
    await define(sampleDomain('a'));
    await bench.lifecycle.resize('id-a', { vcpus: 1 });
    await bench.configs.settled();
    expect(view()?.changes).toEqual([]);
    bench.close();
  });

  it('lists the host’s devices that the guest has', async () => {
    const { bench, define, view } = await withMachine();
    const extra = `<hostdev mode='subsystem' type='pci' managed='yes'>
      <source><address domain='0x0000' bus='0x01' slot='0x00' function='0x1'/></source></hostdev>`;
    await define(sampleDomain('a', { extra }));
    expect(view()?.hostDevices).toEqual(['0000:01:00.1']);
    bench.close();
  });

  it('is not kept of machines that are not Berth’s', async () => {
    const { bench } = await withMachine();
    const other = bench.host.addDomain('other');
    bench.host.setPower(other, 'running');
    await bench.configs.settled();
    expect(bench.database.machineConfigs.size).toBe(0);
    bench.close();
  });
});
