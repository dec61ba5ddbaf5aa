import { type Connection, ErrorCode, LibvirtError } from 'node-libvirt';
import { describe, expect, it } from 'vitest';
import { AbilityFinder } from './abilities.ts';
import type { Context, Run } from './context.ts';

function refusal(code: number, message: string): LibvirtError {
  const none = { dom: null, net: null, str1: null, str2: null, str3: null };
  const numbers = { domain: 0, level: 2, int1: 0, int2: 0 };
  return new LibvirtError({ code, message, ...none, ...numbers }, 'X');
}

const CAPABILITIES = `<domainCapabilities><path>/usr/bin/qemu</path><vcpu max='8'/><os supported='yes'/><devices/></domainCapabilities>`;

interface Host {
  uri: string;
  kvm: 'absent' | 'broken' | 'works';
}

/** A daemon that answers only what the finder asks, and counts. */
function fakeHost({ uri, kvm }: Host) {
  const counts = { asked: 0, probed: [] as string[], destroyed: 0 };
  const connection = {
    uri,
    getDomainCapabilities: async ({ virttype }: { virttype: string }) => {
      counts.asked += 1;
      if (virttype === 'kvm' && kvm === 'absent') throw refusal(ErrorCode.INVALID_ARG, 'no kvm');
      return CAPABILITIES;
    },
    domainCreateXML: async (xml: string, flags: number) => {
      counts.probed.push(xml);
      expect(flags).toBe(1 | 2);
      if (kvm === 'broken') {
        throw refusal(ErrorCode.INTERNAL_ERROR, 'qemu: failed to initialize kvm: Bad address');
      }
      return {
        destroy: async () => {
          counts.destroyed += 1;
        },
      };
    },
  } as unknown as Connection;
  const run: Run = (_doing, work) => work(connection, {});
  const log = { info: () => {}, warn: () => {}, error: () => {} };
  const context: Context = { run, log, mapPath: (path) => path, imageFolder: () => '/' };
  return { counts, finder: new AbilityFinder(context) };
}

describe('AbilityFinder', () => {
  it('proves KVM once, by a guest that it ends again', async () => {
    const { counts, finder } = fakeHost({ uri: 'test:works', kvm: 'works' });
    const expected = { offered: true, works: true, reason: null };
    expect((await finder.find(0)).kvm).toEqual(expected);
    expect((await finder.find(0)).kvm).toEqual(expected);
    expect(counts).toMatchObject({ asked: 2, destroyed: 1 });
    expect((await finder.find(1)).kvm).toEqual(expected);
    expect(counts.asked).toBe(4);
    expect(counts.probed).toHaveLength(1);
  });

  it('tells KVM that is offered and does not work, and tries again with the next daemon', async () => {
    const { counts, finder } = fakeHost({ uri: 'test:broken', kvm: 'broken' });
    const { kvm } = await finder.find(0);
    expect(kvm).toMatchObject({ offered: true, works: false });
    expect(kvm.reason).toContain('KVM does not work on this host');
    await finder.find(0);
    expect(counts.probed).toHaveLength(1);
    await finder.find(1);
    expect(counts.probed).toHaveLength(2);
  });

  it('gives a reason when KVM is not offered, without trying it', async () => {
    const { counts, finder } = fakeHost({ uri: 'test:absent', kvm: 'absent' });
    const abilities = await finder.find(0);
    expect(abilities.kvm).toMatchObject({ offered: false, works: false });
    expect(abilities.kvm.reason).toMatch(/\/dev\/kvm/);
    expect(abilities).toMatchObject({ emulator: '/usr/bin/qemu', maxVcpus: 8 });
    expect(counts.probed).toEqual([]);
  });

  it('shares one question among all who ask, and lets each of them leave', async () => {
    const { counts, finder } = fakeHost({ uri: 'test:shared', kvm: 'absent' });
    const aborter = new AbortController();
    const first = finder.find(0, { signal: aborter.signal });
    const second = finder.find(0);
    const reason = new Error('left');
    aborter.abort(reason);
    await expect(first).rejects.toBe(reason);
    expect((await second).maxVcpus).toBe(8);
    expect(counts.asked).toBe(2);
  });
});
