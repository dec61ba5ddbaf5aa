import type { ProvisioningState } from '../../../src-contract/model/machine.ts';
import { formatBytes } from '../domain/resources.ts';
import { BerthError } from '../errors.ts';
import type { HypervisorEvent } from '../ports/hypervisor.ts';
import { isConnectionError } from './connection.ts';
import type { StageContext } from './context.ts';
import { watchDisk } from './disk-watch.ts';
import type { GuestLine, GuestReport } from './guest-lines.ts';
import { GuestLines } from './guest-stream.ts';
import { noteTask, taskFraction } from './guest-tasks.ts';
import { bootPatienceMs, installPatienceMs } from './patience.ts';
import type { Progress } from './progress.ts';
import { PROGRESS_PORT } from './stages/start.ts';
import { within } from './timing.ts';

const AGENT_SECONDS = 5;
const AGENT_LIMIT_MS = 15_000;
/** A channel that ends at once although the domain runs is not opened for ever. */
const REOPEN_MAX = 5;
const IGNORED_LOGGED = 5;
/** What only the installed system says, whose first boot it is. */
const WINDOWS_RUNS: ReadonlySet<string> = new Set(['boot', 'apps', 'ready']);
/** No installed Windows is smaller, and Setup writes more than that only after its first questions. */
const LEAST_WINDOWS_BYTES = 3 * 1024 ** 3;
const OFF = 'The machine was switched off before it was ready.';

/** The guest says itself that it failed. Its machine stays as it is. */
export class GuestFailedError extends BerthError {
  constructor(message: string) {
    super('guest_failed', message || 'The guest reported an error.', {
      hint: 'The machine is kept; open its console to see what happened.',
    });
    this.name = 'GuestFailedError';
  }
}

/**
 * Watches a running guest until it is ready. Resolves then; rejects with GuestFailedError, `domain_missing`,
 * or the signal's reason. A guest that falls silent or powers off is told as stalled and watched on.
 */
export class GuestWatch {
  readonly #ctx: StageContext;
  readonly #progress: Progress;
  readonly #outcome = Promise.withResolvers<void>();
  readonly #ended = new AbortController();
  readonly #patienceMs: number;
  #channel: StageContext['channel'];
  #opening = false;
  #reopened = 0;
  #ignored = 0;
  #lastText = '';
  #said: { fraction: number | null; text: string } = { fraction: null, text: '' };
  #written = 0;
  #down = false;
  #silence = new AbortController();
  readonly #usual: 'installing' | 'first-boot';
  readonly #answered: boolean;
  #provisioning: ProvisioningState;
  #over = false;

  constructor(
    ctx: StageContext,
    progress: Progress,
    usual: 'installing' | 'first-boot' = 'first-boot',
  ) {
    this.#usual = usual;
    this.#provisioning = usual;
    this.#ctx = ctx;
    this.#answered = ctx.spec?.installer?.boot === 'answered';
    this.#progress = progress;
    this.#channel = ctx.channel;
    ctx.channel = null;
    this.#patienceMs = usual === 'installing' ? installPatienceMs(ctx) : bootPatienceMs(ctx);
  }

  async run(): Promise<void> {
    const { signal } = this.#progress;
    const onAbort = () => this.#outcome.reject(signal.reason);
    signal.addEventListener('abort', onAbort, { once: true });
    if (signal.aborted) onAbort();
    const unsubscribe = this.#ctx.deps.hypervisor.subscribe((event) => this.#onEvent(event));
    try {
      this.#listenForSilence();
      if (this.#usual === 'installing') this.#background(this.#watchDisk());
      if (this.#channel) this.#read(this.#channel);
      else this.#background(this.#look());
      if (this.#ctx.adopted) this.#background(this.#askAgent());
      await this.#outcome.promise;
      if (this.#answered && this.#usual === 'installing') this.#handOn();
    } finally {
      unsubscribe();
      signal.removeEventListener('abort', onAbort);
      this.#ended.abort();
      this.#silence.abort();
      this.#channel?.close();
    }
  }

  #end(error: BerthError | null = null): void {
    this.#over = true;
    if (error === null) this.#outcome.resolve();
    else this.#outcome.reject(error);
  }

  /** The next stage reads on where this one has ended. */
  #handOn(): void {
    this.#ctx.channel = this.#channel;
    this.#channel = null;
  }

  #onEvent(event: HypervisorEvent): void {
    if (event.kind === 'connection') {
      if (event.state === 'connected') this.#background(this.#look());
      return;
    }
    if (event.uuid !== this.#ctx.identity.domainUuid) return;
    if (event.kind === 'domain-state') this.#onPower(event.power);
    if (event.kind === 'domain-reboot' && this.#usual === 'installing') this.#alive();
    if (event.kind === 'agent' && event.connected && this.#provisioning === 'stalled') {
      this.#background(this.#askAgent());
    }
  }

  #onPower(power: Extract<HypervisorEvent, { kind: 'domain-state' }>['power']): void {
    this.#down = power === 'off' || power === 'crashed';
    if (power === 'gone') this.#gone();
    else if (power === 'off') this.#off();
    else if (power === 'crashed') this.#stall('The machine crashed before it was ready.');
    else if (power === 'running') this.#background(this.#look());
  }

  /** An installer ends by switching the machine off. What it said while nobody listened is not known. */
  #off(): void {
    const { installed, adopted } = this.#ctx;
    if (this.#answered) this.#background(this.#offAfterWindows());
    else if (this.#usual === 'installing' && (installed || adopted)) this.#end();
    else this.#stall(OFF);
  }

  /** A Windows without its port has no other way to tell; an installer that was cut short has written less. */
  async #offAfterWindows(): Promise<void> {
    const { spec, deps } = this.#ctx;
    const name = spec?.disk?.volume;
    const signal = this.#ended.signal;
    const disk = name ? await deps.hypervisor.findVolume(spec.pool, name, { signal }) : null;
    if (this.#usual === 'first-boot' || (disk?.allocationBytes ?? 0) < LEAST_WINDOWS_BYTES) {
      return this.#stall(OFF);
    }
    this.#ctx.finished = true;
    this.#end();
  }

  #gone(): void {
    this.#end(
      new BerthError('domain_missing', 'The machine was removed before its guest was ready.'),
    );
  }

  /** Asks for the domain's state, which may have changed unseen, and reads its port when it runs. */
  async #look(): Promise<void> {
    if (this.#channel !== null || this.#opening || this.#ended.signal.aborted) return;
    this.#opening = true;
    try {
      const { hypervisor } = this.#ctx.deps;
      const uuid = this.#ctx.identity.domainUuid;
      const { signal } = this.#ended;
      const domain = await hypervisor.findDomain({ uuid }, { signal });
      if (domain === null) return this.#gone();
      if (domain.power === 'off' || domain.power === 'crashed') return this.#onPower(domain.power);
      if (this.#provisioning === 'stalled') this.#resumed();
      if (this.#reopened++ >= REOPEN_MAX) return;
      const closing = new AbortController();
      const lines = await hypervisor.openChannel(uuid, PROGRESS_PORT, {
        signal: AbortSignal.any([closing.signal, signal]),
      });
      this.#read(new GuestLines(lines, () => closing.abort()));
    } finally {
      this.#opening = false;
    }
  }

  #read(channel: GuestLines): void {
    this.#channel = channel;
    const { signal } = this.#ended;
    const pump = async () => {
      try {
        while (!this.#over) {
          const line = await channel.next(signal);
          if (line === null) break;
          this.#onLine(line);
        }
      } finally {
        if (!this.#over) this.#channel = null;
      }
      if (!this.#over) await this.#look();
    };
    this.#background(pump());
  }

  #onLine(line: GuestLine): void {
    if ('ignored' in line) this.#onIgnored(line.ignored);
    else this.#onReport(line.report);
  }

  #onReport(report: GuestReport): void {
    const { phase, fraction, message, task } = report;
    this.#reopened = 0;
    this.#listenForSilence();
    if (task !== null) noteTask(this.#ctx, task);
    this.#tell(report);
    if (phase === 'installed') this.#ctx.installed = true;
    if (this.#answered && this.#usual === 'installing' && WINDOWS_RUNS.has(phase)) {
      this.#ctx.finished ||= phase === 'ready';
      this.#end();
    } else if (phase === 'ready' && this.#usual === 'first-boot') this.#end();
    else if (phase === 'error') this.#end(new GuestFailedError(message));
    else {
      if (this.#provisioning === 'stalled') this.#resumed();
      this.#said = { fraction: fraction ?? taskFraction(this.#ctx), text: message || phase };
      this.#showProgress();
    }
  }

  #tell({ phase, message, task }: GuestReport): void {
    const text = task === null ? `${phase}: ${message}` : `${message}: ${task.state}`;
    if (text === this.#lastText) return;
    this.#lastText = text;
    this.#progress.log(text, 'guest');
  }

  #onIgnored(reason: string): void {
    if (this.#ignored++ < IGNORED_LOGGED) {
      this.#progress.log(`The guest wrote ${reason}; ignored`, 'warn');
    }
  }

  #showProgress(): void {
    const { fraction, text } = this.#said;
    const written = this.#written > 0 ? `${formatBytes(this.#written)} written` : '';
    this.#progress.report(fraction, [text, written].filter(Boolean).join('; '));
  }

  /** Installers say little; while they work they write. */
  #watchDisk(): Promise<never> {
    const { deps, identity } = this.#ctx;
    return watchDisk(deps, identity.domainUuid, this.#ended.signal, (bytes) => {
      this.#written = bytes;
      this.#alive();
      this.#showProgress();
    });
  }

  /** Something has moved, if only by a little. */
  #alive(): void {
    if (this.#down) return;
    if (this.#provisioning === 'stalled') this.#resumed();
    else this.#listenForSilence();
  }

  /** Starts the patience anew. */
  #listenForSilence(): void {
    this.#silence.abort();
    const silence = new AbortController();
    this.#silence = silence;
    this.#background(
      this.#ctx.deps.clock.sleep(this.#patienceMs, silence.signal).then(async () => {
        if (await this.#askAgent()) return;
        const minutes = Math.round(this.#patienceMs / 60_000);
        const text =
          this.#usual === 'installing'
            ? `The installer has neither said nor written anything for ${minutes} minutes.`
            : `The guest has not said anything for ${minutes} minutes.`;
        this.#stall(text);
      }),
    );
  }

  /** The agent runs only in a system that is up: a proof where lines were missed. */
  async #askAgent(): Promise<boolean> {
    // An installer may run an agent of its own; that of Windows has none.
    if (this.#usual === 'installing' && !this.#answered) return false;
    const { hypervisor, clock } = this.#ctx.deps;
    const limit = { ms: AGENT_LIMIT_MS, code: 'agent_silent', message: 'No answer' };
    const alive = await within(clock, { ...limit, signal: this.#ended.signal }, (signal) =>
      hypervisor.pingAgent(this.#ctx.identity.domainUuid, AGENT_SECONDS, { signal }),
    ).catch(() => false);
    if (!alive || this.#ended.signal.aborted) return false;
    const what = this.#usual === 'installing' ? 'its system is installed' : 'the guest is ready';
    this.#progress.log(`The guest agent answers: ${what}`);
    this.#end();
    return true;
  }

  #stall(message: string): void {
    this.#silence.abort();
    if (this.#ended.signal.aborted) return;
    this.#progress.log(message, 'warn');
    this.#progress.report(null, message);
    this.#setProvisioning('stalled');
  }

  #resumed(): void {
    this.#reopened = 0;
    this.#setProvisioning(this.#usual);
    this.#listenForSilence();
  }

  #setProvisioning(state: ProvisioningState): void {
    if (this.#provisioning === state) return;
    this.#provisioning = state;
    setProvisioning(this.#ctx, state);
  }

  /** Nothing here may end the watch: a lost connection comes back, and its event makes us look again. */
  #background(work: Promise<unknown>): void {
    work.catch((error: unknown) => {
      if (this.#ended.signal.aborted || this.#silenceReason(error)) return;
      const level = isConnectionError(error) ? 'info' : 'warn';
      this.#progress.log(`Watching the guest: ${String(error)}`, level);
    });
  }

  #silenceReason(error: unknown): boolean {
    return error instanceof Error && error.name === 'AbortError';
  }
}

export function setProvisioning(ctx: StageContext, provisioning: ProvisioningState): void {
  const { machineId } = ctx.identity;
  ctx.deps.store.machines.update(machineId, { provisioning });
  ctx.deps.machineChanged(machineId);
}
