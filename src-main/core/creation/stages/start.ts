import { BerthError } from '../../errors.ts';
import { isConnectionError } from '../connection.ts';
import { need, type Stage, type StageContext } from '../context.ts';
import { secureMachine } from '../filters.ts';
import { GuestLines } from '../guest-stream.ts';
import type { Progress } from '../progress.ts';
import { undoFromJournal } from './undo.ts';

export const PROGRESS_PORT = 'org.berth.progress.0';

/** The domain that `define` recorded is what gets undone; it needs no entry of its own for running. */
export const startStage: Stage = {
  name: 'start',
  run: (ctx, progress) => startMachine(ctx, progress),
  undo: undoFromJournal,
};

export async function startMachine(ctx: StageContext, progress: Progress): Promise<void> {
  const { hypervisor } = ctx.deps;
  const { domainUuid } = ctx.identity;
  const { readiness } = need(ctx.spec, 'specification');
  const paused = readiness === 'progress';
  // The policy may have changed since the network stage.
  await progress.act(() => secureMachine(ctx.deps, filteredMachine(ctx)));
  try {
    await progress.act(() => hypervisor.startDomain(domainUuid, paused ? { paused } : {}));
  } catch (error) {
    throw explain(ctx, error);
  }
  if (!paused) return;
  // A guest that writes to a port without a reader on the host would block.
  await openProgressPort(ctx, progress);
  await progress.act(() => hypervisor.resumeDomain(domainUuid));
}

function filteredMachine({ identity, record }: StageContext) {
  const { name, departmentId } = record.value;
  return { id: identity.machineId, name, departmentId, domainUuid: identity.domainUuid };
}

async function openProgressPort(ctx: StageContext, progress: Progress): Promise<void> {
  const closing = new AbortController();
  try {
    const { signal } = closing;
    const lines = await progress.act(() =>
      ctx.deps.hypervisor.openChannel(ctx.identity.domainUuid, PROGRESS_PORT, { signal }),
    );
    ctx.channel = new GuestLines(lines, () => closing.abort());
  } catch (error) {
    closing.abort();
    if (progress.signal.aborted || isConnectionError(error)) throw error;
    progress.log(`The guest’s progress cannot be read: ${String(error)}`, 'warn');
  }
}

/** What QEMU says when the kernel refuses it, where the adapter has not recognised it already. */
const KVM_TROUBLE =
  /kvm_buf_set_msrs|failed to set MSR|could not access KVM|ioctl\(KVM_|KVM_CREATE_VM/i;

function explain(ctx: StageContext, error: unknown): unknown {
  const { spec, shared } = ctx;
  if (!(error instanceof BerthError) || spec?.accelerator !== 'kvm') return error;
  const cause = error.cause instanceof Error ? error.cause : error;
  const broken =
    error.code === 'kvm_broken' || KVM_TROUBLE.test(`${error.message} ${cause.message}`);
  if (!broken) return error;
  shared.kvmFailure = cause.message;
  return new BerthError('kvm_broken', 'The machine could not start on KVM.', {
    cause,
    hint: 'Try again: Berth will emulate the machine (TCG), which is slower.',
    retryable: true,
  });
}
