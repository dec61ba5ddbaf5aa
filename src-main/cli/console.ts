import { findMachine } from './find-machine.ts';
import { EXIT, type GlobalOptions, withBerth } from './session.ts';

/** Opens the machine's screen in an external viewer; with `vv` only writes the viewer's file and prints its path. */
export function openConsole(
  ref: string,
  options: GlobalOptions & { vv?: boolean },
): Promise<number> {
  return withBerth(options, { connection: 'required' }, async ({ berth, call, out }) => {
    const { id, name } = findMachine(berth.library.list(), ref);
    if (options.vv) {
      const path = await berth.commands.run('console.viewer', { machineId: id, file: true }, () =>
        berth.displays.writeViewerFile(id),
      );
      out.both({ type: 'result', path }, path);
    } else {
      await call('console.viewer', { machineId: id });
      out.both({ type: 'result', machine: { id, name } }, `The screen of ${name} is open.`);
    }
    return EXIT.done;
  });
}
