import type { AuditEntry, AuditQuery } from '../../../src-contract/model/audit.ts';
import { withoutSecrets } from '../domain/audit-inputs.ts';
import type { AuditDraft, AuditSink } from '../ports/audit-repository.ts';
import type { Store } from '../ports/repositories.ts';
import type { Clock, Log } from '../ports/system.ts';

/** Who did what nobody asked for. No user of a host has a colon in the name. */
export const SYSTEM_ACTOR = 'system:berth';

/** Writes down every command and what became of it. What is written stays. */
export class Audit implements AuditSink {
  readonly #store: Pick<Store, 'audit'>;
  readonly #clock: Pick<Clock, 'now'>;
  readonly #log: Log;

  constructor(deps: { store: Pick<Store, 'audit'>; clock: Pick<Clock, 'now'>; log: Log }) {
    this.#store = deps.store;
    this.#clock = deps.clock;
    this.#log = deps.log;
  }

  record(draft: AuditDraft): void {
    const entry = { ...draft, inputs: withoutSecrets(draft.inputs), at: this.#clock.now() };
    try {
      this.#store.audit.append(entry);
    } catch (error) {
      // The log is the second best place to be found in.
      this.#log.error('an audit entry could not be stored', { ...entry, error });
    }
  }

  /** Newest first. `departmentIds` = the only ones that the person who asks may see. */
  query(query: AuditQuery, departmentIds?: readonly string[]): AuditEntry[] {
    return this.#store.audit.query(query, departmentIds);
  }
}
