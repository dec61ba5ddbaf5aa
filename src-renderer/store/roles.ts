import { PERSONAL_DEPARTMENT, type Role } from '../../src-contract/model/department.ts';
import { type CommandName, isAllowed, permissionOf } from '../../src-contract/model/permissions.ts';
import type { BerthState } from './state.ts';

type Departments = Pick<BerthState, 'departments'>;

/** The department that a command about `departmentId` asks for a role in; null = it is open to all. */
function homeOf({ departments }: Departments, command: CommandName, departmentId: string) {
  const { about } = permissionOf(command);
  if (about === 'nobody') return null;
  const known = about !== 'host' && departments.has(departmentId);
  return known ? departmentId : PERSONAL_DEPARTMENT;
}

/** For what the window offers; the main process decides. Commands about the whole host need no department. */
export function may(
  state: Departments,
  command: CommandName,
  departmentId: string = PERSONAL_DEPARTMENT,
): boolean {
  const home = homeOf(state, command, departmentId);
  const role = home === null ? undefined : state.departments.get(home)?.ownRole;
  return home === null || isAllowed(role, permissionOf(command).role);
}

/** Whether there is a department in which the person may; where nothing is chosen yet. */
export const mayAnywhere = (state: Departments, command: CommandName): boolean =>
  [...state.departments.keys()].some((id) => may(state, command, id));

/** As one says what somebody is. */
export const ROLE_NAMES: Record<Role, string> = {
  viewer: 'a viewer',
  operator: 'an operator',
  manager: 'a manager',
  owner: 'an owner',
};

/** Why something is not offered; null where it is. */
export function whyNot(
  state: Departments,
  command: CommandName,
  departmentId: string = PERSONAL_DEPARTMENT,
): string | null {
  if (may(state, command, departmentId)) return null;
  const home = homeOf(state, command, departmentId) ?? departmentId;
  const department = state.departments.get(home);
  const least = ROLE_NAMES[permissionOf(command).role];
  if (department === undefined) return `It takes ${least} of the department “Personal”.`;
  const { name, ownRole } = department;
  return `It takes ${least} of the department “${name}”; you are ${ROLE_NAMES[ownRole]}.`;
}
