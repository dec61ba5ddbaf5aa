import type { CreateRequest } from '../../src-contract/model/create-request.ts';
import type { Creation } from '../../src-contract/model/creation.ts';
import type { ErrorData } from '../../src-contract/model/error.ts';
import { BerthError, CancelledError } from '../core/errors.ts';
import { CreationFeed } from './creation-feed.ts';
import { flatten } from './flat-event.ts';
import { settle } from './follow.ts';
import { EXIT, type Session } from './session.ts';

/** Makes several machines, tells of each, and fails when one of them did. An interrupt cancels all that have not ended. */
export async function createMany(
  session: Session,
  until: 'running' | 'ready',
  request: CreateRequest,
  count: number,
): Promise<number> {
  const { berth, out } = session;
  const feed = new CreationFeed(
    (listener) => berth.events.subscribe(listener),
    (event) => out.record(flatten(event)),
  );
  try {
    const starts = await session.call('creations.startMany', { ...request, count });
    feed.follow(starts.flatMap(({ creationId }) => (creationId === null ? [] : [creationId])));
    const ended = await Promise.all(
      starts.map(async (start) => {
        if (start.creationId === null) return tellRefused(session, start);
        return tellEnd(session, await settle(session, start.creationId, until));
      }),
    );
    if (session.interrupted.aborted) throw new CancelledError();
    const failed = ended.filter((done) => !done).length;
    if (failed > 0) {
      throw new BerthError('creations_failed', `${failed} of ${count} machines were not made.`);
    }
    return EXIT.done;
  } finally {
    feed.stop();
    await berth.ports.clock.sleep(0);
  }
}

type Refused = { name: string; error: ErrorData };

function tellRefused({ out }: Session, { name, error }: Refused): false {
  out.record({ type: 'refused', name, error });
  out.text(`${name}: ${error.message} [${error.code}]`);
  return false;
}

function tellEnd({ out, berth }: Session, creation: Creation): boolean {
  const { name, state, error } = creation;
  const made = state === 'completed' || state === 'provisioning';
  if (made) {
    out.both(
      { type: 'result', machine: berth.library.get(creation.machineId) },
      `${name}: ${state === 'completed' ? 'ready' : 'running'}`,
    );
    return true;
  }
  out.both(
    { type: 'failed', name, creationId: creation.id, state, error },
    `${name}: ${state}${error ? `: ${error.message} [${error.code}]` : ''}`,
  );
  return false;
}
