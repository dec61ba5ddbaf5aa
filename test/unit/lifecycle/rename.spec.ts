import { describe, expect, it } from 'vitest';
import type { PowerState } from '../../../src-contract/model/machine.ts';
import { LifecycleBench } from './lifecycle-bench.ts';

async function withMachines(power: PowerState = 'off') {
  const bench = new LifecycleBench();
  const domain = bench.addMachine('a', { power });
  bench.addMachine('b');
  await bench.link.connect();
  return { bench, domain };
}

describe('renaming', () => {
  it('renames record, title and, when it is off, the domain', async () => {
    const { bench, domain } = await withMachines();
    await bench.lifecycle.rename('id-a', ' Büro Ost ');
    expect(domain).toMatchObject({ name: 'Buro-Ost', title: 'Büro Ost' });
    expect(bench.library.get('id-a')).toMatchObject({ name: 'Büro Ost', domainName: 'Buro-Ost' });
    expect(bench.store.machines.get('id-a')?.domainName).toBe('Buro-Ost');
    bench.close();
  });

  it('leaves the name of a domain that runs', async () => {
    const { bench, domain } = await withMachines('running');
    await bench.lifecycle.rename('id-a', 'new');
    expect(domain).toMatchObject({ name: 'a', title: 'new' });
    expect(bench.library.get('id-a')).toMatchObject({ name: 'new', domainName: 'a' });
    bench.close();
  });

  it('leaves the name of a domain whose UEFI settings hang on it', async () => {
    const { bench, domain } = await withMachines();
    domain.xml = `<domain><os firmware='efi'/></domain>`;
    await bench.lifecycle.rename('id-a', 'new');
    expect(domain).toMatchObject({ name: 'a', title: 'new' });
    bench.close();
  });

  it('chooses another domain name where that one is taken', async () => {
    const { bench, domain } = await withMachines();
    bench.host.addDomain('web');
    await bench.lifecycle.rename('id-a', 'web');
    expect(domain.name).toBe('web-2');
    bench.close();
  });

  it('keeps the old name when libvirt fails', async () => {
    const { bench } = await withMachines();
    bench.hypervisor.fault = ({ method }) => {
      if (method === 'setDomainTitle') throw new Error('no');
    };
    await expect(bench.lifecycle.rename('id-a', 'new')).rejects.toThrow('no');
    expect(bench.library.get('id-a').name).toBe('a');
    bench.close();
  });

  it.each([
    ['B', 'name_taken'],
    ['a/b', 'name_invalid'],
    ['', 'name_invalid'],
  ])('refuses “%s”: %s', async (name, code) => {
    const { bench, domain } = await withMachines();
    await expect(bench.lifecycle.rename('id-a', name)).rejects.toMatchObject({ code });
    expect(domain.title).toBeNull();
    bench.close();
  });
});
