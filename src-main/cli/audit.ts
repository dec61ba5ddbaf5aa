import type { AuditEntry } from '../../src-contract/model/audit.ts';
import { EXIT, type GlobalOptions, withBerth } from './session.ts';
import { UsageError } from './usage-error.ts';

export interface AuditOptions extends GlobalOptions {
  limit: string;
  before?: string;
  command?: string;
  department?: string;
}

/** Newest first, as far as the person may see. */
export function showAudit(options: AuditOptions): Promise<number> {
  return withBerth(options, { connection: 'none' }, async ({ call, out }) => {
    const entries = await call('audit.query', {
      limit: positive('--limit', options.limit, 1000),
      ...(options.before && { before: positive('--before', options.before) }),
      ...(options.command && { command: options.command }),
      ...(options.department && { departmentId: options.department }),
    });
    for (const entry of entries) out.record(entry);
    out.table(
      ['ID', 'TIME', 'ACTOR', 'COMMAND', 'DEPARTMENT', 'SUBJECT', 'OUTCOME'],
      entries.map((entry) => [
        String(entry.id),
        new Date(entry.at).toISOString(),
        entry.actor,
        entry.command,
        entry.departmentId ?? '',
        entry.subject ?? '',
        outcomeOf(entry),
      ]),
    );
    return EXIT.done;
  });
}

function outcomeOf({ outcome, errorCode }: AuditEntry): string {
  return outcome === 'failed' && errorCode !== null ? `failed: ${errorCode}` : outcome;
}

function positive(option: string, text: string, most = Number.MAX_SAFE_INTEGER): number {
  const value = /^\d+$/.test(text) ? Number(text) : 0;
  if (value >= 1 && value <= most) return value;
  const range = most === Number.MAX_SAFE_INTEGER ? 'from 1 on' : `from 1 to ${most}`;
  throw new UsageError(`${option} takes a number ${range}, not "${text}".`);
}
