import { resolve } from 'node:path';
import type { Media } from '../../src-contract/model/media.ts';
import { findMachine } from './find-machine.ts';
import { findMedia } from './find-media.ts';
import { EXIT, type GlobalOptions, type Session, withBerth } from './session.ts';
import { formatSize } from './sizes.ts';

export function listMedia(options: GlobalOptions): Promise<number> {
  return withBerth(options, { connection: 'none' }, async ({ berth, out }) => {
    const media = berth.media.list();
    for (const item of media) out.record(item);
    out.table(
      ['ID', 'NAME', 'STATE', 'FORMAT', 'SIZE', 'DISK', 'USED BY'],
      media.map((m) => [
        m.id,
        m.name,
        m.state,
        m.format,
        formatSize(m.fileBytes),
        formatSize(m.virtualBytes),
        String(m.usedBy),
      ]),
    );
    return EXIT.done;
  });
}

export function addMedia(
  path: string,
  options: GlobalOptions & { name?: string },
): Promise<number> {
  return withBerth(options, { connection: 'required' }, (session) => {
    const { berth, interrupted } = session;
    const { name } = options;
    const input = { path: resolve(path), ...(name !== undefined && { name }) };
    return bring(session, () =>
      berth.commands.run('media.add', input, () =>
        berth.media.add({ ...input, signal: interrupted }),
      ),
    );
  });
}

export function captureMedia(
  ref: string,
  options: GlobalOptions & { name?: string },
): Promise<number> {
  return withBerth(options, { connection: 'required' }, (session) => {
    const { berth, interrupted } = session;
    const { name } = options;
    const { id } = findMachine(berth.library.list(), ref);
    const input = { machineId: id, ...(name !== undefined && { name }) };
    return bring(session, () =>
      berth.commands.run('media.capture', input, () =>
        berth.lifecycle.capture({ ...input, signal: interrupted }),
      ),
    );
  });
}

/** Shows the progress of a new item until it is ready. */
async function bring({ berth, out }: Session, work: () => Promise<Media>): Promise<number> {
  const stop = berth.hub.subscribe((event) => {
    if (event.type !== 'media.changed' || event.media.progress === null) return;
    const { id, name, progress } = event.media;
    out.record({ type: event.type, mediaId: id, name, progress, at: event.at });
    if (out.isTerminal && !out.json) {
      process.stdout.write(`\r\u001b[K${name} ${Math.round(progress * 100)} %`);
    }
  });
  try {
    await berth.media.recover();
    const media = await work();
    if (out.isTerminal && !out.json) process.stdout.write('\r\u001b[K');
    out.both({ type: 'result', media }, `${media.name} is in the library: ${media.id}`);
    return EXIT.done;
  } finally {
    stop();
  }
}

export function removeMedia(refs: string[], options: GlobalOptions): Promise<number> {
  return withBerth(options, { connection: 'required' }, async ({ berth, call, out }) => {
    for (const ref of refs) {
      const { id, name } = findMedia(berth.media.list(), ref);
      await call('media.remove', { mediaId: id });
      out.both({ type: 'result', media: { id, name, state: 'removed' } }, `${name} removed.`);
    }
    return EXIT.done;
  });
}
