import { type Member, ROLES, type Role } from '../../../src-contract/model/department.ts';

/** Who gives a command: the user of a process and the groups that the process has. */
export interface Actor {
  user: string;
  uid: number;
  groups: readonly string[];
}

/** The greatest role that a person has by name or by a group; root is owner everywhere. */
export function roleOf(members: readonly Member[], actor: Actor): Role | null {
  if (actor.uid === 0) return 'owner';
  const roles = members
    .filter(({ kind, name }) =>
      kind === 'user' ? name === actor.user : actor.groups.includes(name),
    )
    .map(({ role }) => ROLES.indexOf(role));
  return roles.length === 0 ? null : (ROLES[Math.max(...roles)] ?? null);
}
