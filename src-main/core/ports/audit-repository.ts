import type { AuditEntry, AuditQuery } from '../../../src-contract/model/audit.ts';

/** What is told of a command when it has ended. `inputs` may be its arguments as they came. */
export interface AuditDraft extends Omit<AuditEntry, 'id' | 'at' | 'inputs'> {
  inputs: unknown;
}

/** Takes note of commands. Never throws: what was done must not fail because of it. */
export interface AuditSink {
  record(draft: AuditDraft): void;
}

/** The table that nobody can change: triggers refuse. Rejections: BerthError `database_*`. */
export interface AuditRepository {
  append(entry: Omit<AuditEntry, 'id'>): AuditEntry;
  /** Newest first. `departmentIds` = the only ones that may be seen; entries without a department are seen by all. */
  query(query: AuditQuery, departmentIds?: readonly string[]): AuditEntry[];
}
