import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import { describe, expect, it } from 'vitest';
import { domain, FakeError, type FakeStream, storage } from '../../src/testing/index.ts';
import { fakeSuite, handle } from '../support/fake.ts';

const suite = fakeSuite();
const vol = { pool: 'p', name: 'v', key: '/v' };

async function volumeWith(onOpen: (stream: FakeStream) => void) {
  const daemon = await suite.daemon();
  daemon.on(storage.STORAGE_VOL_LOOKUP_BY_PATH, () => ({ vol }));
  daemon.on(storage.STORAGE_VOL_DOWNLOAD, (_args, { stream }) => setImmediate(onOpen, stream));
  return (await suite.connect(daemon)).storageVolLookupByPath('/v');
}

/** A console that says everything back until it is told to stop. */
async function echo() {
  const daemon = await suite.daemon();
  const ends: string[] = [];
  daemon.on(domain.DOMAIN_LOOKUP_BY_NAME, () => ({ dom: handle }));
  daemon.on(domain.DOMAIN_OPEN_CONSOLE, (_args, { stream }) => {
    stream.onData((data) => (data === null ? ends.push('finished') : stream.send(data)));
    void stream.aborted.then(() => ends.push('aborted'));
  });
  const vm = await (await suite.connect(daemon)).domainLookupByName('vm');
  return { ends, stream: await vm.openConsole() };
}

describe('a stream', () => {
  const data = randomBytes(200_000);
  const sendAll = (stream: FakeStream) => {
    stream.send(data.subarray(0, 120_000));
    stream.send(data.subarray(120_000));
    stream.send(Buffer.alloc(0));
  };

  it('is read as a Node stream', async () => {
    const volume = await volumeWith(sendAll);
    const readable = (await volume.download()).toReadable();
    expect((await buffer(readable)).equals(data)).toBe(true);
  });

  it('is read as a Web stream', async () => {
    const volume = await volumeWith(sendAll);
    const readable = (await volume.download()).toReadableStream();
    expect((await buffer(readable)).equals(data)).toBe(true);
  });

  it('hands on what the daemon says is wrong', async () => {
    const volume = await volumeWith((stream) => stream.fail(new FakeError(38, 'disk broken')));
    const failing = buffer((await volume.download()).toReadable());
    await expect(failing).rejects.toThrow('disk broken');
    const web = buffer((await volume.download()).toReadableStream());
    await expect(web).rejects.toThrow('disk broken');
  });

  it('is written and read as a Node stream', async () => {
    const { ends, stream } = await echo();
    const duplex = stream.toDuplex();
    duplex.write('hello');
    const [first] = await once(duplex, 'data');
    expect(String(first)).toBe('hello');
    duplex.destroy();
    await stream.ended;
    expect(ends).toEqual(['aborted']);
  });

  it('ends as the Node stream that writes to it ends', async () => {
    const { ends, stream } = await echo();
    await pipeline(Readable.from([Buffer.from('a'), Buffer.from('b')]), stream.toWritable());
    expect(ends).toEqual(['finished']);
  });

  it('ends as the Web stream that writes to it ends', async () => {
    const finished = await echo();
    const writer = finished.stream.toWritableStream().getWriter();
    await writer.write(Buffer.from('a'));
    await writer.close();
    expect(finished.ends).toEqual(['finished']);
    const aborted = await echo();
    await aborted.stream.toWritableStream().abort(new Error('enough'));
    expect(aborted.ends).toEqual(['aborted']);
  });

  it('is given up by cancelling its Web stream', async () => {
    const { ends, stream } = await echo();
    await stream.toReadableStream().cancel();
    expect(ends).toEqual(['aborted']);
  });
});
