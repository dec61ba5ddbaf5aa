import { Creations } from './creation-service.ts';
import type { CreationDeps, CreationService } from './service.ts';

export { findOverQuota } from './checks/quota.ts';
export { undoEffect } from './effects.ts';
export * as filtering from './filters.ts';
export type * from './service.ts';

export function createCreationService(deps: CreationDeps): CreationService {
  return new Creations(deps);
}
