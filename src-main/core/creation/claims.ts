import type { CreateInput } from '../../../src-contract/model/create-request.ts';
import { prescribedNetwork } from '../domain/department-network.ts';
import { isOpen } from '../domain/nwfilter.ts';
import { quotaDemand } from '../domain/quota.ts';
import { BerthError } from '../errors.ts';
import type { MachineRecord, Reservation } from '../ports/repositories.ts';
import type { CheckInput, Claims } from './checks/check-input.ts';
import { withReservations } from './checks/disk.ts';
import { departmentQuota, findOverQuota } from './checks/quota.ts';
import { driversOf } from './checks/windows.ts';
import { policyOf } from './filters.ts';
import { claimGpus } from './gpus.ts';
import { claimCpus, cpuClaims } from './placement.ts';
import { checkClaims, throwFirstError } from './preflight.ts';
import type { CreationDeps } from './service.ts';

/** What others have claimed; a creation's own claim never stands against itself. */
function claimsOf(
  deps: Pick<CreationDeps, 'store'>,
  creationId: string | null,
  departmentId: string,
): Claims {
  const { machines, reservations } = deps.store;
  const others = (one: { creationId: string }) => one.creationId !== creationId;
  const own = machines.list().find((one) => !others(one))?.id ?? null;
  return {
    machines: machines.list().filter(others),
    reservations: reservations.list().filter(others),
    quota: creationId === null ? departmentQuota(deps.store, departmentId) : null,
    cpus: cpuClaims(deps, own),
    gpus: deps.store.gpuClaims.list().filter(({ machineId }) => machineId !== own),
  };
}

/** Adds what Berth remembers to what the host says. */
export function checkInputOf(
  deps: Pick<CreationDeps, 'store' | 'applications'>,
  input: Pick<CheckInput, 'wish' | 'user' | 'hasPassword' | 'facts'> & {
    creationId: string | null;
    count?: number;
  },
): CheckInput {
  const { creationId, ...rest } = input;
  const { mediaId } = input.wish;
  const own = new Set(
    deps.store.machines
      .list()
      .filter((machine) => machine.creationId === creationId)
      .map((machine) => machine.domainUuid),
  );
  return {
    count: 1,
    ...rest,
    facts: { ...input.facts, domains: input.facts.domains.filter(({ uuid }) => !own.has(uuid)) },
    image: mediaId === null ? null : deps.store.media.get(mediaId),
    drivers: driversOf(input.wish, deps.store.media.list()),
    claims: claimsOf(deps, creationId, input.wish.input.departmentId),
    departmentNetwork: departmentNetwork(deps, input.wish.input.departmentId),
    filtered: isFiltered(deps, input.wish.input),
    catalogue: deps.applications(),
  };
}

export function departmentNetwork(
  { store }: Pick<CreationDeps, 'store'>,
  departmentId: string,
): string | null {
  const network = store.departments.get(departmentId)?.network;
  return network === undefined ? null : prescribedNetwork(departmentId, network);
}

function isFiltered({ store }: Pick<CreationDeps, 'store'>, input: CreateInput): boolean {
  const { departmentId, overrides } = input;
  const shared = policyOf(store, { kind: 'department', id: departmentId });
  return !isOpen(shared) || (overrides.filter !== undefined && !isOpen(overrides.filter));
}

/** Claims name and resources in one transaction, in which the competing checks run once more. */
export function reserve(
  deps: Pick<CreationDeps, 'store'>,
  machine: MachineRecord,
  reservation: Reservation,
  input: CheckInput,
): void {
  try {
    deps.store.reservations.reserve(machine, reservation, (others) => {
      const rivals = others.filter(({ creationId }) => creationId !== machine.creationId);
      const asked = quotaDemand(input.wish);
      throwFirstError(findOverQuota(deps.store, machine.departmentId, asked), 'reserve');
      throwFirstError(checkClaims(withReservations(input, rivals)), 'reserve');
      claimCpus(deps, input, machine.id);
      claimGpus(deps, input, machine.id);
    });
  } catch (error) {
    if (error instanceof BerthError) error.stage ??= 'reserve';
    throw error;
  }
}
