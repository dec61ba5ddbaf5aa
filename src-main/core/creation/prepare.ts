import type { CreateInput } from '../../../src-contract/model/create-request.ts';
import type { Creation, StageRecord } from '../../../src-contract/model/creation.ts';
import { STAGES } from '../../../src-contract/model/stage.ts';
import { pendingResults } from '../domain/first-boot.ts';
import { NO_PATHS } from '../domain/machine-spec.ts';
import { domainNameFor, nameKey } from '../domain/naming.ts';
import { quotaDemand } from '../domain/quota.ts';
import { type Wish, wishOf } from '../domain/request.ts';
import { diskNeed } from '../domain/resources.ts';
import { BerthError } from '../errors.ts';
import type { MachineRecord } from '../ports/repositories.ts';
import { tasksOf } from './checks/applications.ts';
import type { CheckInput } from './checks/check-input.ts';
import { guestUser } from './checks/login.ts';
import { checkInputOf, reserve } from './claims.ts';
import type { Shared, StageContext } from './context.ts';
import { factsFor, gatherFacts } from './facts.ts';
import {
  formSecrets,
  type GivenSecrets,
  type GuestSecrets,
  NO_SECRETS,
  seal,
  toGuestSecrets,
} from './guest-secrets.ts';
import { acceptedNotes, checkForm, checkHost, throwFirstError } from './preflight.ts';
import type { CreationRecord } from './record.ts';
import type { Identity } from './resolve.ts';
import type { CreationDeps } from './service.ts';
import { within } from './timing.ts';

const FACTS_LIMIT_MS = 20_000;
/** A derived domain name can be taken by another process between the look and the claim. */
const NAME_ATTEMPTS = 3;

interface Prepared {
  input: CreateInput;
  check: CheckInput;
  notes: Creation['notes'];
  secrets: GuestSecrets;
  startedAt: number;
  checkedAt: number;
}

export const FACTS_LIMIT = {
  ms: FACTS_LIMIT_MS,
  code: 'libvirt_unreachable',
  message: 'libvirt does not answer.',
};

/** Every check, before anything is claimed. Throws the first error. */
export async function prepare(
  shared: Shared,
  input: CreateInput,
  given: GivenSecrets,
): Promise<Prepared> {
  const { deps } = shared;
  const startedAt = deps.clock.now();
  const template = deps.templates().find(({ id }) => id === input.templateId) ?? null;
  const form = formSecrets(given, template);
  const { hasPassword } = form;
  const self = deps.system.userName();
  throwFirstError(checkForm(input, template, { ...form, self }), 'validate');
  if (template === null) throw new Error('a missing template passed the checks');
  const wish = wishOf(input, template);
  const [facts, secrets] = await Promise.all([
    lookAtHost(shared, wish),
    toGuestSecrets(given, template, deps.media),
  ]);
  const user = guestUser(input, template, self);
  const check = checkInputOf(deps, { wish, user, hasPassword, facts, creationId: null });
  const findings = checkHost(check);
  throwFirstError(findings, 'validate');
  const notes = acceptedNotes(findings);
  return { input, check, notes, secrets, startedAt, checkedAt: deps.clock.now() };
}

function lookAtHost(shared: Shared, wish: Wish) {
  const { deps, kvmFailure } = shared;
  return within(deps.clock, FACTS_LIMIT, (signal) =>
    gatherFacts(deps, { ...factsFor(wish), signal, kvmFailure }),
  ).catch((error: unknown) => {
    if (error instanceof BerthError) error.stage ??= 'validate';
    throw error;
  });
}

/** Writes the record and claims name and resources. Throws `name_taken`, `memory_short`, `disk_space`; nothing is left then. */
export function claim(deps: CreationDeps, prepared: Prepared): { creation: Creation } & Identity {
  for (let attempt = 1; ; attempt++) {
    const identity = newIdentity(deps, prepared);
    const { creationId } = identity;
    const creation = newCreation(deps, prepared, identity);
    const sealed = seal(deps.secrets, prepared.secrets);
    deps.store.creations.insert({ creation, owner: deps.system.self(), spec: null }, sealed);
    try {
      claimResources(deps, prepared, identity);
      return { creation, ...identity };
    } catch (error) {
      deps.store.creations.remove(creationId);
      if (attempt >= NAME_ATTEMPTS || !isDomainNameRace(deps, prepared, error)) throw error;
    }
  }
}

function newIdentity({ ids, store }: CreationDeps, { input, check }: Prepared): Identity {
  const taken = new Set([
    ...check.facts.domains.map((domain) => nameKey(domain.name)),
    ...store.machines.list().map((machine) => nameKey(machine.domainName)),
  ]);
  return {
    machineId: ids.uuid(),
    creationId: ids.uuid(),
    domainUuid: ids.uuid(),
    domainName: domainNameFor(input.name, (name) => taken.has(nameKey(name))),
  };
}

function isDomainNameRace(deps: CreationDeps, { input }: Prepared, error: unknown): boolean {
  if (!(error instanceof BerthError) || error.code !== 'name_taken') return false;
  const key = nameKey(input.name);
  return !deps.store.machines.list().some((machine) => nameKey(machine.name) === key);
}

function claimResources(deps: CreationDeps, { input, check }: Prepared, identity: Identity): void {
  const { wish } = check;
  const { creationId, machineId, domainName, domainUuid } = identity;
  const demand = quotaDemand(wish);
  const machine: MachineRecord = {
    id: machineId,
    name: input.name,
    domainName,
    domainUuid,
    departmentId: input.departmentId,
    templateId: input.templateId,
    creationId,
    osLabel: wish.template.os.label,
    provisioning: 'none',
    notes: [],
    deleteFailed: false,
    createdAt: deps.clock.now(),
    vcpus: demand.vcpus,
    memoryBytes: demand.memoryBytes,
    diskBytes: demand.diskBytes,
    createdBy: deps.system.userName(),
  };
  const reservation = {
    creationId,
    machineId,
    state: 'waiting' as const,
    memoryBytes: wish.memoryBytes,
    vcpus: wish.vcpus,
    diskBytes: diskNeed(wish).worst,
    pool: deps.config.pool,
  };
  reserve(deps, machine, reservation, check);
}

function newCreation(deps: CreationDeps, prepared: Prepared, identity: Identity): Creation {
  const { input, notes, startedAt, checkedAt, secrets } = prepared;
  return {
    id: identity.creationId,
    machineId: identity.machineId,
    name: input.name,
    templateId: input.templateId,
    departmentId: input.departmentId,
    state: 'queued',
    stage: 'reserve',
    stages: STAGES.map((stage): StageRecord => {
      const blank = { stage, startedAt: null, endedAt: null, progress: null, message: null };
      if (stage === 'validate') return { ...blank, state: 'done', startedAt, endedAt: checkedAt };
      if (stage === 'reserve') return { ...blank, state: 'running', startedAt: checkedAt };
      return { ...blank, state: 'pending' };
    }),
    input,
    hasSecret: secrets.passwordHash !== null,
    notes,
    error: null,
    undone: [],
    cancelRequested: false,
    waitingFor: null,
    queuePlace: null,
    applications: pendingResults(tasksOf(deps, prepared.check.wish)),
    createdAt: deps.clock.now(),
    startedAt: null,
    endedAt: null,
    revision: 0,
  };
}

/** Takes a claim back, for a creation that could not be queued. */
export function unclaim({ store, machineChanged }: CreationDeps, identity: Identity): void {
  store.machines.remove(identity.machineId);
  store.reservations.release(identity.creationId);
  store.creations.remove(identity.creationId);
  machineChanged(identity.machineId);
}

/** What the stages of a new creation begin with. */
export function newContext(
  shared: Shared,
  record: CreationRecord,
  identity: Identity,
  prepared: Prepared,
): StageContext {
  const { check, secrets } = prepared;
  return {
    ...emptyContext(shared, record, identity),
    wish: check.wish,
    user: check.user,
    facts: check.facts,
    factsChecked: true,
    secrets,
  };
}

export function emptyContext(
  shared: Shared,
  record: CreationRecord,
  identity: Identity,
): StageContext {
  const { machineId, creationId, domainUuid, domainName } = identity;
  return {
    shared,
    deps: shared.deps,
    record,
    identity: { machineId, creationId, domainUuid, domainName },
    wish: null,
    user: null,
    pending: new Set(),
    facts: null,
    factsChecked: false,
    secrets: NO_SECRETS,
    spec: null,
    image: null,
    drivers: null,
    seed: null,
    boot: null,
    paths: NO_PATHS,
    domainXml: null,
    channel: null,
    adopted: false,
    installed: false,
    finished: false,
  };
}
