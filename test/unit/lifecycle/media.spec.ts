import { describe, expect, it } from 'vitest';
import type { MachineSpec } from '../../../src-main/core/domain/machine-spec.ts';
import { inputDefaults } from '../../fakes/defaults.ts';
import { LifecycleBench } from './lifecycle-bench.ts';

function withImage() {
  const bench = new LifecycleBench();
  bench.builder.inspectImage = async () => ({
    format: 'qcow2',
    virtualBytes: 4096,
    fileBytes: 32,
  });
  return bench;
}

describe('adding an image', () => {
  it('brings the file into a volume and tells its progress', async () => {
    const bench = withImage();
    const media = await bench.media.add({ path: '/home/alice/debian.qcow2' });
    expect(media).toMatchObject({
      name: 'debian.qcow2',
      state: 'ready',
      sha256: '0'.repeat(64),
      progress: null,
    });
    const volume = bench.host.pools.get('berth')?.volumes.get(media.volume);
    expect(Buffer.concat(volume?.content ?? []).toString()).toContain('/home/alice/debian.qcow2');
    const states = bench.events.map((event) =>
      event.type === 'media.changed' ? [event.media.state, event.media.progress] : event.type,
    );
    expect(states[0]).toEqual(['importing', 0]);
    expect(states.at(-1)).toEqual(['ready', null]);
    expect(bench.media.list()).toMatchObject([{ id: media.id, usedBy: 0 }]);
  });

  it('refuses the same bytes again and names the twin', async () => {
    const bench = withImage();
    await bench.media.add({ path: '/a.qcow2', name: 'First' });
    await expect(bench.media.add({ path: '/b.qcow2' })).rejects.toMatchObject({
      code: 'media_duplicate',
      message: expect.stringContaining('First'),
    });
    expect(bench.media.list()).toHaveLength(1);
    expect(bench.host.pools.get('berth')?.volumes.size).toBe(1);
  });

  it.each(['createVolume', 'uploadVolume', 'ensurePool'] as const)(
    'leaves nothing when %s fails',
    async (method) => {
      const bench = withImage();
      bench.hypervisor.fault = (call) => {
        if (call.method === method && call.phase === 'after') throw new Error('no');
      };
      await expect(bench.media.add({ path: '/a.qcow2' })).rejects.toThrow('no');
      expect(bench.host.existing()).toEqual([]);
      expect(bench.media.list()).toEqual([]);
      expect(bench.types().at(-1)).toBe('media.removed');
    },
  );

  it('leaves nothing when it is cancelled', async () => {
    const bench = withImage();
    bench.host.addPool('berth');
    const cancel = new AbortController();
    bench.hypervisor.fault = ({ method, phase }) => {
      if (method === 'createVolume' && phase === 'after') cancel.abort();
    };
    const adding = bench.media.add({ path: '/a.qcow2', signal: cancel.signal });
    await expect(adding).rejects.toMatchObject({ code: 'cancelled' });
    expect(bench.host.existing()).toEqual(['pool berth']);
    expect(bench.media.list()).toEqual([]);
  });

  it('is cancelled by removing it, and by closing', async () => {
    for (const end of ['remove', 'close'] as const) {
      const bench = withImage();
      bench.host.addPool('berth');
      const reached = Promise.withResolvers<void>();
      bench.builder.read = async function* () {
        yield new Uint8Array(8);
        reached.resolve();
        await bench.clock.sleep(1_000);
        yield new Uint8Array(8);
      };
      const adding = bench.media.add({ path: '/a.qcow2' });
      const outcome = expect(adding).rejects.toMatchObject({ code: 'cancelled' });
      await reached.promise;
      const [media] = bench.media.list();
      const ending = end === 'remove' ? bench.media.remove(media!.id) : bench.media.close();
      await bench.clock.run(Promise.all([outcome, ending]));
      expect(bench.host.existing()).toEqual(['pool berth']);
    }
  });

  it('refuses what does not fit', async () => {
    const bench = withImage();
    bench.host.addPool('berth', { availableBytes: 10 });
    await expect(bench.media.add({ path: '/a.qcow2' })).rejects.toMatchObject({
      code: 'disk_space',
    });
    expect(bench.host.existing()).toEqual(['pool berth']);
  });

  it('keeps a failed item when its volume cannot be removed', async () => {
    const bench = withImage();
    bench.hypervisor.fault = ({ method, phase }) => {
      if (method === 'uploadVolume' && phase === 'after') throw new Error('upload');
      if (method === 'deleteVolume') throw new Error('busy');
    };
    await expect(bench.media.add({ path: '/a.qcow2' })).rejects.toThrow('upload');
    const [media] = bench.media.list();
    expect(media?.state).toBe('failed');
    bench.hypervisor.fault = null;
    await bench.media.remove(media!.id);
    expect(bench.media.list()).toEqual([]);
  });
});

describe('removing an image', () => {
  it('is refused while a machine rests on it, with its name', async () => {
    const bench = withImage();
    const media = await bench.media.add({ path: '/a.qcow2' });
    bench.addMachine('web');
    bench.addCreation('web', 'completed');
    const backing = { pool: 'berth', volume: media.volume, format: 'qcow2' };
    bench.store.creations.saveSpec('creation-web', {
      disk: { volume: 'web.qcow2', backing },
    } as MachineSpec);
    expect(bench.media.list()[0]?.usedBy).toBe(1);
    await expect(bench.media.remove(media.id)).rejects.toMatchObject({
      code: 'media_in_use',
      message: expect.stringContaining('web'),
    });
    bench.store.machines.remove('id-web');
    await bench.media.remove(media.id);
    expect(bench.host.pools.get('berth')?.volumes.size).toBe(0);
  });

  it('is refused while a creation has asked for it', async () => {
    const bench = withImage();
    const media = await bench.media.add({ path: '/a.qcow2' });
    bench.addCreation('soon', 'queued', {
      input: {
        ...inputDefaults,
        templateId: 'blank',
        name: 'soon',
        overrides: { mediaId: media.id },
      },
    });
    await expect(bench.media.remove(media.id)).rejects.toMatchObject({ code: 'media_in_use' });
  });
});

describe('an import whose process has died', () => {
  it('is removed by the next one, pool included, while that of a living one stays', async () => {
    const bench = withImage();
    bench.hypervisor.fault = async ({ method }) => {
      if (method === 'uploadVolume') await new Promise(() => undefined);
    };
    bench.media.add({ path: '/a.qcow2' }).catch(() => undefined);
    await bench.clock.settle();
    expect(bench.host.existing()).toHaveLength(2);

    const next = withImage();
    for (const [id, media] of bench.database.media) next.database.media.set(id, media);
    for (const [key, value] of bench.database.settings) next.database.settings.set(key, value);
    for (const [name, pool] of bench.host.pools) next.host.pools.set(name, pool);
    next.alive.add('1');
    await next.media.recover();
    expect(next.media.list()).toHaveLength(1);
    next.alive.delete('1');
    await next.media.recover();
    expect(next.media.list()).toEqual([]);
    expect(next.host.existing()).toEqual([]);
  });
});
