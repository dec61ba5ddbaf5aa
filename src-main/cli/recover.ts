import { Output } from './output.ts';
import { EXIT, type GlobalOptions, guarded, withBerth } from './session.ts';

export function recover(options: GlobalOptions & { database?: boolean }): Promise<number> {
  return options.database ? restoreDatabase(options) : recoverCreations(options);
}

function recoverCreations(options: GlobalOptions): Promise<number> {
  return withBerth(options, { connection: 'required' }, async ({ berth, out }) => {
    const outcomes = await berth.commands.run('recover', {}, () => berth.recover());
    for (const outcome of outcomes) {
      const { name, action, undone, creationId } = outcome;
      const record = { type: 'recovered', id: creationId, name, state: action, undone };
      out.both(record, `${name}: ${action} (${undone.length} things undone)`);
    }
    out.text(outcomes.length === 0 ? 'Nothing to recover.' : 'Done.');
    const left = outcomes.flatMap(({ undone }) => undone).filter((item) => !item.verified);
    if (left.length === 0) return EXIT.done;
    const names = left.map((item) => `${item.kind} ${item.name}`).join(', ');
    out.error({ code: 'leftovers', message: `Still there: ${names}.`, retryable: true });
    return EXIT.failed;
  });
}

/** Works on a database that cannot be opened. */
function restoreDatabase(options: GlobalOptions): Promise<number> {
  const out = new Output(options.json === true);
  return guarded(out, async () => {
    const { restoreFromBackup } = await import('../compose.ts');
    const message = restoreFromBackup();
    out.both({ type: 'result', message }, message);
    return EXIT.done;
  });
}
