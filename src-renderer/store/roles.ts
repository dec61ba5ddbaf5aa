import { PERSONAL_DEPARTMENT, ROLES, type Role } from '../../src-contract/model/department.ts';
import type { BerthState } from './state.ts';

/** For what the window offers; the main process decides. */
export function hasRole(role: Role | undefined, least: Role): boolean {
  return role !== undefined && ROLES.indexOf(role) >= ROLES.indexOf(least);
}

/** The person's role in what concerns the whole host. */
export const hostRole = (state: BerthState): Role | undefined =>
  state.departments.get(PERSONAL_DEPARTMENT)?.ownRole;
