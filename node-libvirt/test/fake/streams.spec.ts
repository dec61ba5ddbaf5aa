import { Buffer } from 'node:buffer';
import { once } from 'node:events';
import { Readable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { StorageVolume } from '../../src/index.ts';
import { domain, FakeError, type FakeStream, host, storage } from '../../src/testing/index.ts';
import { fakeSuite, handle, UUID } from '../support/fake.ts';
import { until } from '../support/until.ts';

const suite = fakeSuite();
const MEBIBYTE = 1 << 20;

async function withVolume() {
  const daemon = await suite.daemon();
  daemon.on(storage.STORAGE_VOL_LOOKUP_BY_PATH, ({ path }) => ({
    vol: { pool: 'p', name: 'v', key: path },
  }));
  daemon.on(host.CONNECT_GET_TYPE, () => ({ type: 'QEMU' }));
  const connection = await suite.connect(daemon);
  const volume = await connection.storageVolLookupByPath('/v');
  expect(volume).toBeInstanceOf(StorageVolume);
  return { daemon, connection, volume };
}

async function collect(source: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of source) chunks.push(chunk);
  return Buffer.concat(chunks);
}

describe('download', () => {
  it('yields the bytes, ends, and finishes on a connection of its own', async () => {
    const { daemon, volume } = await withVolume();
    const asked: unknown[] = [];
    daemon.on(storage.STORAGE_VOL_DOWNLOAD, (args, { stream }) => {
      asked.push(args);
      setImmediate(() => {
        stream.send(Buffer.from('hello '));
        stream.send(Buffer.from('world'));
        stream.send(Buffer.alloc(0));
      });
    });
    const stream = await volume.download({ offset: 5, length: 11 });
    expect(daemon.connectionCount).toBe(2);
    expect((await collect(stream)).toString()).toBe('hello world');
    expect(asked).toEqual([
      { vol: { pool: 'p', name: 'v', key: '/v' }, offset: 5, length: 11, flags: 0 },
    ]);
    await until('its connection is closed', () => daemon.clients.length === 1);
  });

  it('takes data that comes before the reply', async () => {
    const { daemon, volume } = await withVolume();
    daemon.on(storage.STORAGE_VOL_DOWNLOAD, (_args, { stream }) => {
      stream.send(Buffer.from('early'));
      stream.send(Buffer.alloc(0));
    });
    expect((await collect(await volume.download())).toString()).toBe('early');
  });

  it('shows holes, or zeros to those who only iterate', async () => {
    const { daemon, volume } = await withVolume();
    daemon.on(storage.STORAGE_VOL_DOWNLOAD, ({ flags }, { stream }) => {
      expect(flags).toBe(1);
      stream.send(Buffer.from('a'));
      stream.sendHole(100_000);
      stream.send(Buffer.alloc(0));
    });
    const chunks = [];
    for await (const chunk of (await volume.download({ sparse: true })).chunks()) {
      chunks.push('hole' in chunk ? chunk.hole : chunk.data.toString());
    }
    expect(chunks).toEqual(['a', 100_000]);
    const bytes = await collect(await volume.download({ sparse: true }));
    expect(bytes.equals(Buffer.concat([Buffer.from('a'), Buffer.alloc(100_000)]))).toBe(true);
  });

  it('fails with the daemon’s error after the bytes before it', async () => {
    const { daemon, volume } = await withVolume();
    daemon.on(storage.STORAGE_VOL_DOWNLOAD, (_args, { stream }) => {
      stream.send(Buffer.from('some'));
      stream.fail(new FakeError(38, 'cannot read from stream: Input/output error'));
    });
    const seen: string[] = [];
    const reading = (async () => {
      for await (const chunk of await volume.download()) seen.push(Buffer.from(chunk).toString());
    })();
    await expect(reading).rejects.toMatchObject({ code: 38, procedure: 'STORAGE_VOL_DOWNLOAD' });
    expect(seen).toEqual(['some']);
  });

  it('is aborted by leaving the loop', async () => {
    const { daemon, volume } = await withVolume();
    let aborted: Promise<void> | undefined;
    daemon.on(storage.STORAGE_VOL_DOWNLOAD, (_args, { stream }) => {
      aborted = stream.aborted;
      stream.send(Buffer.from('some'));
    });
    for await (const chunk of await volume.download()) {
      expect(chunk).toHaveLength(4);
      break;
    }
    await aborted;
    await until('its connection is closed', () => daemon.clients.length === 1);
  });

  it('is aborted by a signal', async () => {
    const { daemon, volume } = await withVolume();
    let aborted: Promise<void> | undefined;
    daemon.on(storage.STORAGE_VOL_DOWNLOAD, (_args, { stream }) => {
      aborted = stream.aborted;
    });
    const controller = new AbortController();
    const stream = await volume.download({ signal: controller.signal });
    const reading = collect(stream);
    const reason = new Error('enough');
    controller.abort(reason);
    await expect(reading).rejects.toBe(reason);
    await aborted;
  });

  it('makes the daemon wait for a slow reader, and nobody else', async () => {
    const { daemon, connection, volume } = await withVolume();
    let source: FakeStream | undefined;
    daemon.on(storage.STORAGE_VOL_DOWNLOAD, (_args, { stream }) => {
      source = stream;
      setImmediate(() => {
        for (let index = 0; index < 64; index++) stream.send(Buffer.alloc(MEBIBYTE, index));
        stream.send(Buffer.alloc(0));
      });
    });
    const stream = await volume.download();
    await until('the daemon is stuck', () => (source?.backlog ?? 0) > 32 * MEBIBYTE);
    expect(await connection.getType()).toBe('QEMU');
    expect(source!.backlog).toBeGreaterThan(32 * MEBIBYTE);
    expect((await collect(stream)).length).toBe(64 * MEBIBYTE);
    expect(source!.backlog).toBe(0);
  });

  it('fails when the connection is lost', async () => {
    const { daemon, volume } = await withVolume();
    daemon.on(storage.STORAGE_VOL_DOWNLOAD, (_args, { stream }) => {
      stream.send(Buffer.from('some'));
    });
    const stream = await volume.download();
    const reading = collect(stream);
    daemon.dropClients();
    await expect(reading).rejects.toMatchObject({
      name: 'ConnectionClosedError',
      outcomeUnknown: true,
    });
  });

  it('that is refused leaves no connection behind', async () => {
    const { daemon, volume } = await withVolume();
    daemon.on(storage.STORAGE_VOL_DOWNLOAD, () => {
      throw new FakeError(50, 'no such volume');
    });
    await expect(volume.download()).rejects.toMatchObject({ isNoStorageVol: true });
    await until('its connection is closed', () => daemon.clients.length === 1);
  });
});

describe('upload', () => {
  function receive(daemon: Awaited<ReturnType<typeof withVolume>>['daemon']) {
    const received: Buffer[] = [];
    const state = { finished: false, bytes: () => Buffer.concat(received) };
    daemon.on(storage.STORAGE_VOL_UPLOAD, (_args, { stream }) => {
      stream.onData((data) => {
        if (data === null) state.finished = true;
        else received.push(data);
      });
    });
    return state;
  }

  it('sends everything, waits for the daemon’s word and reports progress', async () => {
    const { daemon, volume } = await withVolume();
    const state = receive(daemon);
    const data = Buffer.alloc(3 * MEBIBYTE + 5, 'x');
    const progress: number[] = [];
    const sent = await volume.upload(Readable.from([data.subarray(0, 7), data.subarray(7)]), {
      onProgress: (bytes) => progress.push(bytes),
    });
    expect(sent).toBe(data.length);
    expect(progress).toEqual([7, data.length]);
    expect(state.finished).toBe(true);
    expect(state.bytes().equals(data)).toBe(true);
    await until('its connection is closed', () => daemon.clients.length === 1);
  });

  it('leaves zeros out when it is sparse', async () => {
    const { daemon, volume } = await withVolume();
    const state = receive(daemon);
    const data = Buffer.alloc(MEBIBYTE);
    data.write('in the middle', 500_000);
    await volume.upload([data], { sparse: true });
    expect(state.bytes().equals(data)).toBe(true);
  });

  it('stops with the daemon’s error', async () => {
    const { daemon, volume } = await withVolume();
    daemon.on(storage.STORAGE_VOL_UPLOAD, (_args, { stream }) => {
      stream.onData(() => stream.fail(new FakeError(38, 'No space left on device', { int1: 28 })));
    });
    async function* endless() {
      for (;;) {
        yield Buffer.alloc(100_000);
        await new Promise((resolve) => setImmediate(resolve));
      }
    }
    await expect(volume.upload(endless())).rejects.toMatchObject({ code: 38, int1: 28 });
  });

  it('stops when the source fails, and aborts', async () => {
    const { daemon, volume } = await withVolume();
    let aborted: Promise<void> | undefined;
    daemon.on(storage.STORAGE_VOL_UPLOAD, (_args, { stream }) => {
      aborted = stream.aborted;
    });
    const broken = new Error('the file went away');
    async function* source() {
      yield Buffer.from('some');
      throw broken;
    }
    await expect(volume.upload(source())).rejects.toBe(broken);
    await aborted;
  });

  it('stops by a signal, and aborts', async () => {
    const { daemon, volume } = await withVolume();
    let aborted: Promise<void> | undefined;
    daemon.on(storage.STORAGE_VOL_UPLOAD, (_args, { stream }) => {
      aborted = stream.aborted;
    });
    const controller = new AbortController();
    const reason = new Error('cancelled');
    async function* source() {
      yield Buffer.from('some');
      controller.abort(reason);
      yield Buffer.from('more');
    }
    const upload = volume.upload(source(), { signal: controller.signal });
    await expect(upload).rejects.toBe(reason);
    await aborted;
  });

  it('waits for a daemon that does not read', async () => {
    const { daemon, volume } = await withVolume();
    daemon.on(storage.STORAGE_VOL_UPLOAD, (_args, { client }) => {
      setImmediate(() => client.hang());
    });
    let produced = 0;
    async function* source() {
      for (;;) {
        produced += MEBIBYTE;
        yield Buffer.alloc(MEBIBYTE);
        await new Promise((resolve) => setImmediate(resolve));
      }
    }
    const controller = new AbortController();
    const upload = volume.upload(source(), { signal: controller.signal });
    const ended = expect(upload).rejects.toThrow('enough');
    let before = -1;
    await until('it stands still', async () => {
      const still = produced === before && produced > 0;
      before = produced;
      await new Promise((resolve) => setTimeout(resolve, 50));
      return still;
    });
    expect(produced).toBeLessThan(16 * MEBIBYTE);
    controller.abort(new Error('enough'));
    daemon.dropClients();
    await ended;
  });
});

describe('consoles and screenshots', () => {
  async function withDomain() {
    const daemon = await suite.daemon();
    daemon.on(domain.DOMAIN_LOOKUP_BY_UUID, () => ({ dom: handle }));
    const connection = await suite.connect(daemon);
    return { daemon, vm: await connection.domainLookupByUUID(UUID) };
  }

  it('a console goes both ways', async () => {
    const { daemon, vm } = await withDomain();
    daemon.on(domain.DOMAIN_OPEN_CONSOLE, ({ devName }, { stream }) => {
      expect(devName).toBe('serial0');
      stream.onData((data) => data !== null && stream.send(Buffer.from(`echo ${data}`)));
    });
    const console = await vm.openConsole('serial0');
    await console.write(Buffer.from('ls'));
    for await (const chunk of console) {
      expect(Buffer.from(chunk).toString()).toBe('echo ls');
      break;
    }
    await console.ended;
    await expect(console.write(Buffer.from('x'))).rejects.toMatchObject({
      code: 'LIBVIRT_STREAM_ENDED',
    });
  });

  it('a screenshot says what it is', async () => {
    const { daemon, vm } = await withDomain();
    daemon.on(domain.DOMAIN_SCREENSHOT, (_args, { stream }) => {
      stream.send(Buffer.from('PNG'));
      stream.send(Buffer.alloc(0));
      return { mime: 'image/png' };
    });
    const { mime, stream } = await vm.screenshot();
    expect(mime).toBe('image/png');
    expect((await collect(stream)).toString()).toBe('PNG');
  });

  it('a stream that nobody reads can be aborted', async () => {
    const { daemon, vm } = await withDomain();
    daemon.on(domain.DOMAIN_OPEN_CONSOLE, (_args, { stream }) => {
      for (let index = 0; index < 4; index++) stream.send(Buffer.alloc(MEBIBYTE));
    });
    const stream = await vm.openConsole();
    await stream.abort();
    await stream.abort();
    await until('its connection is closed', () => daemon.clients.length === 1);
  });
});

it('a Readable made of a download can be piped', async () => {
  const { daemon, volume } = await withVolume();
  daemon.on(storage.STORAGE_VOL_DOWNLOAD, (_args, { stream }) => {
    stream.send(Buffer.from('piped'));
    stream.send(Buffer.alloc(0));
  });
  const readable = Readable.from(await volume.download());
  const chunks: Buffer[] = [];
  readable.on('data', (chunk: Buffer) => chunks.push(chunk));
  await once(readable, 'end');
  expect(Buffer.concat(chunks).toString()).toBe('piped');
});
