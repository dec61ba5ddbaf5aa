import type { CreateRequest, ManyStarted } from '../../../src-contract/model/create-request.ts';
import {
  type Creation,
  type LogLine,
  TERMINAL_CREATION_STATES,
} from '../../../src-contract/model/creation.ts';
import type { Plan } from '../../../src-contract/model/plan.ts';
import { nameKey, numberedNames } from '../domain/naming.ts';
import { inputOf } from '../domain/request.ts';
import { BerthError, toBerthError } from '../errors.ts';
import type { CreationRow } from '../ports/repositories.ts';
import { Admission } from './admission.ts';
import { Connection } from './connection.ts';
import type { Shared } from './context.ts';
import {
  formSecrets,
  type GivenSecrets,
  type GuestSecrets,
  givenSecrets,
  guestTexts,
  NO_SECRETS,
  textsOf,
  unseal,
} from './guest-secrets.ts';
import { planCreation } from './plan.ts';
import { claim, newContext, prepare, unclaim } from './prepare.ts';
import { CreationRecord } from './record.ts';
import { chooseEntrance, recoveredContext, takeOver } from './recovery.ts';
import { CreationRun } from './run.ts';
import type { CreationDeps, CreationService, RecoveryOutcome } from './service.ts';
import { subjectOf } from './subject.ts';
import { raceAbort } from './timing.ts';

type Started = { creationId: string; machineId: string };

const MAY_FREE_MEMORY: ReadonlySet<string> = new Set(['domain-state', 'connection']);

const isEnded = ({ state }: Creation): boolean => TERMINAL_CREATION_STATES.includes(state);

export class Creations implements CreationService {
  readonly #deps: CreationDeps;
  readonly #shared: Shared;
  readonly #admission: Admission;
  readonly #runs = new Map<string, CreationRun>();
  readonly #stopListening: () => void;
  readonly #stopWatching: () => void;
  #changed = Promise.withResolvers<void>();
  #closed = false;

  constructor(deps: CreationDeps) {
    this.#deps = deps;
    const connection = new Connection(deps.hypervisor, deps.clock);
    this.#shared = { deps, connection, kvmFailure: null };
    this.#admission = new Admission(deps.clock);
    this.#stopListening = deps.store.onForeignChange(() => this.#onForeignChange());
    this.#stopWatching = deps.hypervisor.subscribe((event) => {
      if (MAY_FREE_MEMORY.has(event.kind)) this.#admission.poke();
    });
  }

  plan(request: CreateRequest, signal?: AbortSignal, count = 1): Promise<Plan> {
    const template = this.#deps.templates().find(({ id }) => id === request.templateId) ?? null;
    const secrets = formSecrets(givenSecrets(request), template);
    const names = this.#names(request, count);
    const [name = request.name] = names;
    const input = { ...inputOf(request), name };
    return planCreation(this.#shared, input, secrets, signal, names);
  }

  start(request: CreateRequest): Promise<Started> {
    return this.#begin(request, givenSecrets(request));
  }

  async startMany(request: CreateRequest, count: number): Promise<ManyStarted> {
    const started: ManyStarted = [];
    for (const name of this.#names(request, count)) {
      try {
        started.push({ name, ...(await this.start({ ...request, name })) });
      } catch (error) {
        started.push({ name, creationId: null, error: toBerthError(error).toData() });
      }
    }
    return started;
  }

  #names({ name: asked }: CreateRequest, count: number): string[] {
    const taken = new Set(this.#deps.store.machines.list().map(({ name }) => nameKey(name)));
    return numberedNames(asked, count, (name) => taken.has(nameKey(name)));
  }

  async retry(creationId: string, request?: CreateRequest): Promise<Started> {
    const creation = this.get(creationId);
    if (!isEnded(creation)) {
      throw new BerthError('creation_not_ended', 'This creation has not ended yet.');
    }
    const wish = request ?? creation.input;
    return this.#begin(wish, givenSecrets(wish, this.#kept(creationId, request)));
  }

  /** A secret that cannot be read any more matters only where there is no other. */
  #kept(creationId: string, request: CreateRequest | undefined): GuestSecrets {
    const sealed = this.#deps.store.creations.secret(creationId);
    try {
      return unseal(this.#deps.secrets, sealed);
    } catch (error) {
      if (request?.password) return NO_SECRETS;
      throw error;
    }
  }

  async cancel(creationId: string): Promise<void> {
    const creation = this.get(creationId);
    if (isEnded(creation)) {
      throw new BerthError('creation_ended', `This creation has ended: it is ${creation.state}.`);
    }
    this.#deps.store.creations.requestCancel(creationId);
    const run = this.#runs.get(creationId);
    if (run !== undefined) return run.cancel();
    const row = this.#row(creationId);
    // Its own process hears of the request; when that is dead nobody else would.
    if (takeOver(this.#shared, row)) await this.#recoverOne(this.#row(creationId));
  }

  get(creationId: string): Creation {
    return this.#row(creationId).creation;
  }

  list(): Creation[] {
    return this.#deps.store.creations.list();
  }

  log(creationId: string): LogLine[] {
    return this.#deps.store.creations.log(creationId);
  }

  dismiss(creationId: string): void {
    if (!isEnded(this.get(creationId))) {
      throw new BerthError('creation_not_ended', 'This creation has not ended yet; cancel it.');
    }
    this.#deps.store.creations.remove(creationId);
    this.#tellWaiting();
  }

  async settled(
    creationId: string,
    until: 'running' | 'ready',
    signal: AbortSignal = new AbortController().signal,
  ): Promise<Creation> {
    for (;;) {
      const changed = this.#changed.promise;
      const creation = this.get(creationId);
      const running = until === 'running' && creation.state === 'provisioning';
      if (running || isEnded(creation) || this.#isParked(creationId)) return creation;
      await raceAbort(changed, signal);
    }
  }

  async recover(): Promise<RecoveryOutcome[]> {
    const outcomes: RecoveryOutcome[] = [];
    for (const row of this.#deps.store.creations.open()) {
      const run = this.#runs.get(row.creation.id);
      run?.retryNow();
      if (run !== undefined || !takeOver(this.#shared, row)) continue;
      outcomes.push(await this.#recoverOne(row));
    }
    return outcomes;
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#stopListening();
    this.#stopWatching();
    this.#admission.close();
    const runs = [...this.#runs.values()];
    for (const run of runs) run.abandon();
    await Promise.all(runs.map((run) => run.done));
    this.#shared.connection.close();
  }

  /** Nothing of what happens with the secrets, from here on, is logged with them in it. */
  async #begin(request: CreateRequest, given: GivenSecrets): Promise<Started> {
    const secrets = textsOf(given);
    const releases = secrets.map((secret) => this.#deps.log.redact(secret));
    const started = await this.#launch(request, given, secrets);
    // The creation keeps them now. After a failure nobody does, and whoever catches it may log it: no release then.
    for (const release of releases) release();
    return started;
  }

  async #launch(
    request: CreateRequest,
    given: GivenSecrets,
    secrets: readonly string[],
  ): Promise<Started> {
    const prepared = await prepare(this.#shared, inputOf(request), given);
    if (this.#closed) throw new BerthError('closing', 'Berth is closing.');
    const { creation, ...identity } = claim(this.#deps, prepared);
    const record = this.#record(creation);
    const texts = [...secrets, ...guestTexts(prepared.secrets, this.#deps.media)];
    for (const text of texts) record.keepSecret(text);
    try {
      record.flush('vms.create_queued');
    } catch (error) {
      record.stop();
      unclaim(this.#deps, identity);
      throw error;
    }
    record.leave('reserve', 'done');
    this.#deps.machineChanged(identity.machineId);
    const ctx = newContext(this.#shared, record, identity, prepared);
    this.#track(new CreationRun(ctx, { kind: 'build', admission: this.#admission }, this.#tell));
    return { creationId: identity.creationId, machineId: identity.machineId };
  }

  /** Undoes it, or watches on. The row is ours already. */
  async #recoverOne(row: CreationRow): Promise<RecoveryOutcome> {
    const { id, name } = row.creation;
    try {
      const ctx = recoveredContext(this.#shared, row, this.#record(row.creation));
      for (const text of keptTexts(this.#deps, id)) ctx.record.keepSecret(text);
      const entrance = await chooseEntrance(this.#shared, row, ctx, this.#admission);
      const run = this.#track(new CreationRun(ctx, entrance, this.#tell));
      if (entrance.kind === 'watch') return { creationId: id, name, action: 'adopted', undone: [] };
      if (entrance.kind === 'build') return { creationId: id, name, action: 'resumed', undone: [] };
      const { state, undone } = await this.settled(id, 'ready');
      if (!run.parked) await run.done;
      return { creationId: id, name, action: state === 'rolling-back' ? 'kept' : 'undone', undone };
    } catch (error) {
      this.#deps.log.warn('a creation could not be recovered now', {
        ...subjectOf(row.creation),
        error,
      });
      return { creationId: id, name, action: 'kept', undone: [] };
    }
  }

  #record(creation: Creation): CreationRecord {
    return new CreationRecord(this.#deps, creation, (saved) => {
      if (saved.cancelRequested) this.#runs.get(saved.id)?.cancel();
      this.#tellWaiting();
    });
  }

  #track(run: CreationRun): CreationRun {
    const { creationId } = run.ctx.identity;
    this.#runs.set(creationId, run);
    run.done
      .finally(() => {
        this.#runs.delete(creationId);
        this.#tellWaiting();
      })
      .catch(() => undefined);
    return run;
  }

  #row(creationId: string): CreationRow {
    const row = this.#deps.store.creations.get(creationId);
    if (row !== null) return row;
    throw new BerthError('creation_missing', 'There is no such creation.');
  }

  #isParked(creationId: string): boolean {
    return this.#runs.get(creationId)?.parked ?? false;
  }

  #onForeignChange(): void {
    for (const [id, run] of this.#runs) {
      if (this.#deps.store.creations.isCancelRequested(id)) run.cancel();
    }
    this.#admission.poke();
    this.#tellWaiting();
  }

  readonly #tell = {
    parked: (): void => this.#tellWaiting(),
    freed: (): void => this.#admission.poke(),
  };

  #tellWaiting(): void {
    this.#changed.resolve();
    this.#changed = Promise.withResolvers();
  }
}

/** What an earlier process has sealed. Without it recovery goes on: it only matters for what is told of it. */
function keptTexts({ store, secrets, media }: CreationDeps, creationId: string): string[] {
  try {
    return guestTexts(unseal(secrets, store.creations.secret(creationId)), media);
  } catch {
    return [];
  }
}
