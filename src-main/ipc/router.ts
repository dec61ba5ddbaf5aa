import type { z } from 'zod';
import { invokeChannels } from '../../src-contract/channels.ts';
import type {
  InvokeArgs,
  InvokeChannel,
  InvokeHandlers,
  InvokeInput,
  InvokeResult,
  Result,
} from '../../src-contract/derive.ts';
import { BerthError, toBerthError } from '../core/errors.ts';
import type { Commands } from '../core/lifecycle/commands.ts';
import type { Log } from '../core/ports/system.ts';

export interface Router {
  /** Never rejects: every failure is a value. */
  dispatch(channel: string, args: unknown): Promise<Result<unknown>>;
}

/** Where every command of a person passes: may they, do it, write it down. */
export type CommandGate = Pick<Commands, 'run'>;

/** Calls a channel's handler as the window would, for the command line. Rejects with whatever fails. */
export type Caller = <C extends InvokeChannel>(
  channel: C,
  args: InvokeInput<C>,
) => Promise<InvokeResult<C>>;

export function createCaller(handlers: InvokeHandlers, gate: CommandGate): Caller {
  return (channel, args) => call(handlers, gate, channel, args);
}

/** Validates, passes the gate, calls the channel's handler, and turns whatever it throws into data. */
export function createRouter(handlers: InvokeHandlers, gate: CommandGate, log: Log): Router {
  return {
    async dispatch(channel, args) {
      try {
        if (!isChannel(channel)) throw badRequest(`There is no channel "${channel}".`);
        return { ok: true, value: await call(handlers, gate, channel, args) };
      } catch (error) {
        return { ok: false, error: toData(error, channel, log) };
      }
    },
  };
}

interface Schema<T> {
  safeParse(
    value: unknown,
  ): { success: true; data: T } | { success: false; error: z.core.$ZodError };
}

/** The same channels, in a form that keeps a schema and its channel's handler together for the compiler. */
const channels: { [C in InvokeChannel]: { args: Schema<InvokeArgs<C>> } } = invokeChannels;

function isChannel(channel: string): channel is InvokeChannel {
  return Object.hasOwn(invokeChannels, channel);
}

async function call<C extends InvokeChannel>(
  handlers: InvokeHandlers,
  gate: CommandGate,
  channel: C,
  args: unknown,
): Promise<InvokeResult<C>> {
  const parsed = channels[channel].args.safeParse(args);
  if (!parsed.success) throw badRequest(`${channel}: ${explain(parsed.error)}`);
  return gate.run<InvokeResult<C>>(channel, parsed.data, () => handlers[channel](parsed.data));
}

function explain(error: z.core.$ZodError): string {
  return error.issues
    .map(({ path, message }) => (path.length === 0 ? message : `${path.join('.')}: ${message}`))
    .join('; ');
}

function badRequest(message: string): BerthError {
  return new BerthError('bad_request', message);
}

function toData(error: unknown, channel: string, log: Log) {
  if (error instanceof BerthError && error.code !== 'internal_error') return error.toData();
  log.error('a request failed unexpectedly', { channel, error });
  return {
    ...toBerthError(new Error('')).toData(),
    message: 'Something unexpected happened.',
  };
}
