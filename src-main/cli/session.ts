import type { Berth } from '../compose.ts';
import { BerthError, CancelledError, toBerthError } from '../core/errors.ts';
import type { Caller } from '../ipc/router.ts';
import { Output } from './output.ts';
import { UsageError } from './usage-error.ts';

export interface GlobalOptions {
  json?: boolean;
  verbose?: boolean;
}

export const EXIT = { done: 0, failed: 1, usage: 2, cancelled: 130 } as const;

/** What a command works with. `interrupted` fires at the first SIGINT or SIGTERM. */
export interface Session {
  /**
   * For looking things up and for watching. Whatever a person asks for goes through `call`, or through
   * `berth.commands` where it has no channel.
   */
  berth: Berth;
  call: Caller;
  out: Output;
  interrupted: AbortSignal;
}

export interface SessionOptions {
  /** `required`: fails without libvirt; `optional`: goes on without it; `none`: does not try. */
  connection: 'required' | 'optional' | 'none';
}

/** Runs a command on a core of its own and closes it; resolves with the exit code. */
export async function withBerth(
  globals: GlobalOptions,
  options: SessionOptions,
  command: (session: Session) => Promise<number | undefined>,
): Promise<number> {
  const out = new Output(globals.json === true);
  return guarded(out, async () => {
    const interrupted = catchInterrupts(out);
    const [{ compose }, { callerOf }] = await Promise.all([
      import('../compose.ts'),
      import('./caller.ts'),
    ]);
    const berth = await compose({ verbose: globals.verbose === true });
    try {
      await connect(berth, options);
      return (await command({ berth, call: callerOf(berth), out, interrupted })) ?? EXIT.done;
    } finally {
      await berth.close();
    }
  });
}

/** Turns every failure into its report and exit code. */
export async function guarded(out: Output, work: () => Promise<number>): Promise<number> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof UsageError) {
      const { message } = error;
      if (out.json) out.error({ code: 'usage', message, retryable: false });
      else out.diagnose(`berth: ${message}`);
      return EXIT.usage;
    }
    const known = withRecoveryHint(toBerthError(error));
    if (known.code === 'internal_error') out.diagnose(stackOf(error));
    out.error(known.toData());
    return known instanceof CancelledError || known.code === 'cancelled'
      ? EXIT.cancelled
      : EXIT.failed;
  }
}

async function connect(berth: Berth, { connection }: SessionOptions): Promise<void> {
  if (connection === 'none') return;
  try {
    await berth.connect();
  } catch (error) {
    if (connection === 'required') throw error;
  }
}

/** A second signal changes nothing: an undo that is cut short would leave things behind. */
function catchInterrupts(out: Output): AbortSignal {
  const controller = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      if (controller.signal.aborted) out.diagnose('berth: still undoing; please wait.');
      else controller.abort(new CancelledError());
    });
  }
  return controller.signal;
}

function withRecoveryHint(error: BerthError): BerthError {
  if (error.code !== 'database_damaged') return error;
  const restore = 'Run "berth recover --database" to start from the last backup.';
  const hint = error.hint === undefined ? restore : `${error.hint} ${restore}`;
  return new BerthError(error.code, error.message, { hint, cause: error.cause });
}

function stackOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
