import type { z } from 'zod';
import { invokeChannels } from '../../src-contract/channels.ts';
import type {
  InvokeArgs,
  InvokeChannel,
  InvokeHandlers,
  Result,
} from '../../src-contract/derive.ts';
import { BerthError, toBerthError } from '../core/errors.ts';
import type { Log } from '../core/ports/system.ts';

export interface Router {
  /** Never rejects: every failure is a value. */
  dispatch(channel: string, args: unknown): Promise<Result<unknown>>;
}

/** Validates, calls the channel's handler, and turns whatever it throws into data. */
export function createRouter(handlers: InvokeHandlers, log: Log): Router {
  return {
    async dispatch(channel, args) {
      try {
        if (!isChannel(channel)) throw badRequest(`There is no channel "${channel}".`);
        return { ok: true, value: await call(handlers, channel, args) };
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
  channel: C,
  args: unknown,
): Promise<unknown> {
  const parsed = channels[channel].args.safeParse(args);
  if (!parsed.success) throw badRequest(`${channel}: ${explain(parsed.error)}`);
  return handlers[channel](parsed.data);
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
