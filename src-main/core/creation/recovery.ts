import type { Creation } from '../../../src-contract/model/creation.ts';
import { wishOf } from '../domain/request.ts';
import { BerthError, CancelledError } from '../errors.ts';
import type { CreationRow } from '../ports/repositories.ts';
import type { ProcessIdentity } from '../ports/system.ts';
import type { Admission } from './admission.ts';
import { guestUser } from './checks/login.ts';
import type { Shared, StageContext } from './context.ts';
import { unseal } from './guest-secrets.ts';
import { emptyContext } from './prepare.ts';
import type { CreationRecord } from './record.ts';
import type { Entrance } from './run.ts';

/** Makes us the owner of a creation that nobody works on any more; false when somebody does, or was faster. */
export function takeOver({ deps }: Shared, row: CreationRow): boolean {
  const self = deps.system.self();
  if (isSame(row.owner, self)) return true;
  if (deps.system.isAlive(row.owner)) return false;
  return deps.store.creations.takeOver(row.creation.id, row.owner, self);
}

function isSame(a: ProcessIdentity, b: ProcessIdentity): boolean {
  return a.pid === b.pid && a.startTime === b.startTime && a.bootId === b.bootId;
}

/**
 * Whether a creation is gone on with or undone: only a machine whose start succeeded, that is still there
 * and carries our mark is kept. Rejects when libvirt cannot be asked.
 */
export async function chooseEntrance(
  { deps }: Shared,
  row: CreationRow,
  ctx: StageContext,
  admission: Admission,
): Promise<Entrance> {
  const { creation, spec } = row;
  if (creation.cancelRequested) return { kind: 'undo', reason: new CancelledError() };
  if (creation.state === 'queued' && deps.config.resumesQueued && ctx.wish !== null) {
    return { kind: 'build', admission };
  }
  if (creation.state !== 'provisioning' || spec === null) {
    return { kind: 'undo', reason: reasonOf(creation) };
  }
  const domain = await deps.hypervisor.findDomain({ uuid: spec.domainUuid });
  if (domain?.metadata?.machineId === creation.machineId) return { kind: 'watch' };
  const message = 'The machine disappeared while Berth was not running.';
  return { kind: 'undo', reason: new BerthError('domain_missing', message, { retryable: true }) };
}

/** A rollback that was cut short keeps the error that it began with. */
function reasonOf({ error, stage }: Creation): BerthError {
  if (error === null) {
    return new BerthError('interrupted', 'Berth ended while it was making this machine.', {
      stage,
      retryable: true,
      hint: 'Nothing of it is left. Try again.',
    });
  }
  const { code, message, hint, fix, retryable } = error;
  return new BerthError(code, message, {
    stage: error.stage ?? stage,
    retryable,
    ...(hint && { hint }),
    ...(fix && { fix }),
    ...(error.cause && { cause: new Error(error.cause) }),
  });
}

/** The context of a creation that another process began, from what it left in the store. */
export function recoveredContext(
  shared: Shared,
  row: CreationRow,
  record: CreationRecord,
): StageContext {
  const { deps } = shared;
  const { creation, spec } = row;
  const machine = deps.store.machines.get(creation.machineId);
  const sealed = creation.state === 'queued' ? deps.store.creations.secret(creation.id) : null;
  const template = deps.templates().find(({ id }) => id === creation.templateId);
  const identity = {
    creationId: creation.id,
    machineId: creation.machineId,
    domainUuid: spec?.domainUuid ?? machine?.domainUuid ?? '',
    domainName: spec?.domainName ?? machine?.domainName ?? '',
  };
  return {
    ...emptyContext(shared, record, identity),
    wish: template ? wishOf(creation.input, template) : null,
    user: template ? guestUser(creation.input, template, deps.system.userName()) : null,
    secrets: unseal(deps.secrets, sealed),
    spec,
    // What never left the queue has no guest whose lines could have been missed.
    adopted: creation.state !== 'queued',
  };
}
