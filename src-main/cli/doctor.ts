import type { DoctorCheck } from '../../src-contract/model/host.ts';
import { EXIT, type GlobalOptions, withBerth } from './session.ts';

const MARKS: Record<DoctorCheck['status'], string> = { ok: '✓', warning: '!', error: '✗' };

/** Exit code 1 when a check has failed; warnings do not count. */
export function doctor(options: GlobalOptions): Promise<number> {
  return withBerth(options, { connection: 'optional' }, async ({ call, out }) => {
    const checks = await call('host.doctor', undefined);
    for (const check of checks) {
      out.record({ id: check.code, name: check.title, state: check.status, ...check });
      out.text(`${MARKS[check.status]} ${check.title}: ${check.detail}`);
      if (check.hint !== undefined) out.text(`    ${check.hint}`);
      if (check.fix?.action === 'run-command') out.text(`    $ ${check.fix.command}`);
      else if (check.fix !== undefined) out.text(`    ${check.fix.label}`);
    }
    const failed = checks.find((check) => check.status === 'error');
    if (failed === undefined) return EXIT.done;
    if (out.json) {
      const { code, detail, hint, fix } = failed;
      out.error({
        code,
        message: detail,
        retryable: true,
        ...(hint && { hint }),
        ...(fix && { fix }),
      });
    }
    return EXIT.failed;
  });
}
