import type { Fix } from '../../../src-contract/model/error.ts';
import { BerthError } from '../errors.ts';
import type { Hypervisor } from '../ports/hypervisor.ts';

/** Carries out a remedy. Rejects with `fix_not_applicable` for those that only the person or the form can. */
export async function applyFix(hypervisor: Hypervisor, fix: Fix): Promise<void> {
  switch (fix.action) {
    case 'start-network':
      return hypervisor.startNetwork(fix.network);
    case 'start-pool':
      // Its folder may be gone as well, and it may not start with the host.
      await hypervisor.ensurePool(fix.pool);
      return;
    default:
      throw new BerthError('fix_not_applicable', `"${fix.label}" is not for Berth to carry out.`);
  }
}
