import type { Berth } from '../compose.ts';
import { BerthError } from '../core/errors.ts';
import { createHandlers, type WindowActions } from '../ipc/handlers.ts';
import { type Caller, createCaller } from '../ipc/router.ts';

const NO_WINDOW: WindowActions = {
  origins: [],
  pickImage: noWindow,
  openConsole: noWindow,
  setFullscreen: noWindow,
};

/** The commands of the window, for the command line: the same handlers behind the same gate. */
export function callerOf(berth: Berth): Caller {
  return createCaller(createHandlers(berth, NO_WINDOW), berth.commands);
}

function noWindow(): never {
  throw new BerthError('no_window', 'The command line has no window.');
}
