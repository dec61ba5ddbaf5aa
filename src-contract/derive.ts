import type { z } from 'zod';
import type { invokeChannels, notifyChannels } from './channels.ts';
import type { ErrorData } from './model/error.ts';

export type InvokeChannel = keyof typeof invokeChannels;
export type NotifyChannel = keyof typeof notifyChannels;

/** What a handler in main receives (parsed) and what it returns. */
export type InvokeArgs<C extends InvokeChannel> = z.output<(typeof invokeChannels)[C]['args']>;
export type InvokeResult<C extends InvokeChannel> = z.output<(typeof invokeChannels)[C]['result']>;
/** What the renderer passes: defaults may be left out. */
export type InvokeInput<C extends InvokeChannel> = z.input<(typeof invokeChannels)[C]['args']>;

/** Expected failures cross IPC as values. */
export type Result<T> = { ok: true; value: T } | { ok: false; error: ErrorData };

/** One handler a channel; the router has exactly these. */
export type InvokeHandlers = {
  [C in InvokeChannel]: (args: InvokeArgs<C>) => Promise<InvokeResult<C>> | InvokeResult<C>;
};

/** `window.berth`, untrusted on both sides: the bridge parses what arrives, the router what is sent. */
export type BerthApi = {
  invoke: (channel: InvokeChannel, args: unknown) => Promise<unknown>;
  /** Calls back for every notification until the returned function is called. */
  on: (channel: NotifyChannel, listener: (payload: unknown) => void) => () => void;
};
