import { type Creation, TERMINAL_CREATION_STATES } from '../../src-contract/model/creation.ts';
import { BerthError } from '../core/errors.ts';
import { followCreation } from './follow.ts';
import { EXIT, type GlobalOptions, withBerth } from './session.ts';

export function listCreations(options: GlobalOptions): Promise<number> {
  return withBerth(options, { connection: 'none' }, async ({ berth, out }) => {
    const creations = berth.creations
      .list()
      .filter(({ departmentId }) => berth.access.canSee(departmentId));
    for (const creation of creations) out.record(creation);
    out.table(
      ['ID', 'NAME', 'TEMPLATE', 'STATE', 'STAGE', 'ERROR'],
      creations.map((c) => [c.id, c.name, c.templateId, c.state, c.stage, c.error?.code ?? '']),
    );
    return EXIT.done;
  });
}

export function showCreation(ref: string, options: GlobalOptions): Promise<number> {
  return withBerth(options, { connection: 'none' }, async ({ berth, call, out }) => {
    const creationId = findCreation(berth.creations.list(), ref).id;
    const creation = await call('creations.get', { creationId });
    const log = await call('creations.log', { creationId });
    out.record({ ...creation, log });
    out.text(`${creation.name}: ${creation.state} (${creation.id})`);
    for (const record of creation.stages) {
      const took =
        record.startedAt === null || record.endedAt === null
          ? ''
          : `${((record.endedAt - record.startedAt) / 1000).toFixed(1)} s`;
      out.text(`  ${record.stage.padEnd(10)} ${record.state.padEnd(8)} ${took}`.trimEnd());
    }
    for (const one of creation.applications) {
      const exit = one.exitCode === null ? '' : ` (exit code ${one.exitCode})`;
      out.text(`  ${one.kind} ${one.id}: ${one.state}${exit}`);
      if (one.state !== 'done') for (const line of one.lastLines) out.text(`      ${line}`);
    }
    for (const item of creation.undone) {
      out.text(
        `  undone: ${item.kind} ${item.name}${item.verified ? ', verified' : ', NOT VERIFIED'}`,
      );
    }
    if (creation.error !== null) {
      out.text(`  error: ${creation.error.message} [${creation.error.code}]`);
      if (creation.error.hint !== undefined) out.text(`  hint: ${creation.error.hint}`);
    }
    for (const line of log)
      out.text(`  ${new Date(line.at).toISOString()} ${line.stage}: ${line.text}`);
    return EXIT.done;
  });
}

export function cancelCreation(ref: string, options: GlobalOptions): Promise<number> {
  return withBerth(
    options,
    { connection: 'required' },
    async ({ berth, call, out, interrupted }) => {
      await berth.recover();
      const { id } = findCreation(berth.creations.list(), ref);
      const creation = await call('creations.get', { creationId: id });
      if (!TERMINAL_CREATION_STATES.includes(creation.state)) {
        await call('creations.cancel', { creationId: id });
      }
      const ended = await berth.creations.settled(id, 'ready', interrupted);
      out.both(
        { type: 'result', creation: ended },
        `The creation of ${ended.name} is ${ended.state}.`,
      );
      return EXIT.done;
    },
  );
}

export function retryCreation(
  ref: string,
  options: GlobalOptions & { wait?: string },
): Promise<number> {
  return withBerth(options, { connection: 'required' }, async (session) => {
    const { creations } = session.berth;
    await session.berth.recover();
    const { id } = findCreation(creations.list(), ref);
    const until = options.wait === 'ready' ? 'ready' : 'running';
    return followCreation(session, until, () =>
      session.call('creations.retry', { creationId: id }),
    );
  });
}

/** A creation by its id, a beginning of it, or the name of its machine (the latest). */
export function findCreation(creations: readonly Creation[], ref: string): Creation {
  const latestFirst = creations.toSorted((a, b) => b.createdAt - a.createdAt);
  const found =
    latestFirst.find((creation) => creation.id === ref) ??
    latestFirst.find((creation) => creation.name === ref) ??
    latestFirst.find((creation) => ref.length >= 8 && creation.id.startsWith(ref));
  if (found !== undefined) return found;
  throw new BerthError('creation_missing', `There is no creation "${ref}".`, {
    hint: '"berth creations list" shows all of them.',
  });
}
