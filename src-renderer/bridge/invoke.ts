import './zod-config.ts';
import { z } from 'zod';
import { invokeChannels } from '../../src-contract/channels.ts';
import type {
  BerthApi,
  InvokeChannel,
  InvokeInput,
  InvokeResult,
  Result,
} from '../../src-contract/derive.ts';
import { type ErrorData, errorDataSchema } from '../../src-contract/model/error.ts';
import { quickSnapshotSchema } from './machine-rows.ts';

declare global {
  interface Window {
    readonly berth?: BerthApi;
  }
}

const schemas: { [C in InvokeChannel]: { result: z.ZodType<InvokeResult<C>> } } = {
  ...invokeChannels,
  'app.snapshot': { ...invokeChannels['app.snapshot'], result: quickSnapshotSchema },
};

const outcomeSchema = z.discriminatedUnion('ok', [
  z.object({ ok: z.literal(true), value: z.unknown() }),
  z.object({ ok: z.literal(false), error: errorDataSchema }),
]);

function broken(channel: string, cause: string): { ok: false; error: ErrorData } {
  return {
    ok: false,
    error: {
      code: 'bridge_failed',
      message: 'Berth’s window could not talk to its main process.',
      cause: `${channel}: ${cause}`,
      hint: 'Close the window and open Berth again. If it stays, report it with the text above.',
      retryable: true,
    },
  };
}

/** The preload's API. Throws where the page was opened without it, such as in a plain browser. */
export function berthApi(): BerthApi {
  if (!window.berth) throw new Error('the page runs without Berth’s preload script');
  return window.berth;
}

/**
 * Asks main. Every failure is a value: the ones of main as they came, a broken pipe or an answer
 * that does not fit the contract as `bridge_failed`.
 */
export async function invoke<C extends InvokeChannel>(
  channel: C,
  args: InvokeInput<C>,
): Promise<Result<InvokeResult<C>>> {
  let raw: unknown;
  try {
    raw = await berthApi().invoke(channel, args);
  } catch (thrown) {
    return broken(channel, thrown instanceof Error ? thrown.message : String(thrown));
  }
  const outcome = outcomeSchema.safeParse(raw);
  if (!outcome.success) return broken(channel, z.prettifyError(outcome.error));
  if (!outcome.data.ok) return outcome.data;
  const value = schemas[channel].result.safeParse(outcome.data.value);
  if (!value.success) return broken(channel, z.prettifyError(value.error));
  return { ok: true, value: value.data };
}
