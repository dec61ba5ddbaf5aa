import type { AuditEntry } from '../../../src-contract/model/audit.ts';
import type { Role } from '../../../src-contract/model/department.ts';
import {
  type CommandName,
  isAllowed,
  permissionOf,
} from '../../../src-contract/model/permissions.ts';
import { BerthError, toBerthError } from '../errors.ts';
import type { AuditSink } from '../ports/audit-repository.ts';
import type { Store } from '../ports/repositories.ts';
import type { Access, Inputs } from './access.ts';

export interface CommandDeps {
  access: Access;
  store: Pick<Store, 'departments'>;
  audit: AuditSink;
}

const SUBJECTS = ['machineId', 'creationId', 'mediaId', 'templateId', 'departmentId', 'id', 'name'];

/** The one way of a person's commands, from the window and from the command line: may they, do it, write it down. */
export class Commands {
  readonly #deps: CommandDeps;

  constructor(deps: CommandDeps) {
    this.#deps = deps;
  }

  /**
   * Carries out `act`, whose arguments are `inputs`. Rejects with `forbidden` when the person's role in the department
   * that it is about is too low, else with whatever `act` rejects with.
   */
  async run<T>(command: CommandName, inputs: unknown, act: () => T | Promise<T>): Promise<T> {
    const given: Inputs = typeof inputs === 'object' && inputs !== null ? inputs : {};
    let departmentId: string | null = null;
    const tell = (outcome: AuditEntry['outcome'], errorCode: string | null, result?: unknown) =>
      this.#tell(command, given, { departmentId, outcome, errorCode }, result);
    try {
      const departments = this.#deps.access.departmentsOf(permissionOf(command).about, given);
      departmentId = departments.at(-1) ?? null;
      for (const department of departments) this.#authorise(command, department);
      const result = await act();
      tell('done', null, result);
      return result;
    } catch (error) {
      const { code } = toBerthError(error);
      tell(error instanceof ForbiddenError ? 'forbidden' : 'failed', code);
      throw error;
    }
  }

  #authorise(command: CommandName, departmentId: string): void {
    const { access, store } = this.#deps;
    const { role: least } = permissionOf(command);
    const role = access.roleIn(departmentId);
    if (isAllowed(role, least)) return;
    const name = store.departments.get(departmentId)?.name ?? departmentId;
    throw new ForbiddenError(access.actor.user, name, role, least);
  }

  #tell(
    command: CommandName,
    inputs: Inputs,
    end: Pick<AuditEntry, 'departmentId' | 'outcome' | 'errorCode'>,
    result: unknown,
  ): void {
    if (!permissionOf(command).audited && end.outcome !== 'forbidden') return;
    const { access, audit } = this.#deps;
    audit.record({
      actor: access.actor.user,
      command,
      subject: firstText(inputs, SUBJECTS) ?? firstText(result, SUBJECTS),
      creationId: firstText(result, ['creationId']) ?? firstText(inputs, ['creationId']),
      inputs,
      ...end,
    });
  }
}

class ForbiddenError extends BerthError {
  constructor(user: string, department: string, role: Role | null, least: Role) {
    const has = role === null ? 'is not a member of it' : `has only the role ${role}`;
    super('forbidden', `${user} may not do this in the department “${department}”.`, {
      hint: `It takes the role ${least}; ${user} ${has}. An owner of the department can change that.`,
    });
  }
}

function firstText(from: unknown, keys: readonly string[]): string | null {
  if (typeof from !== 'object' || from === null) return null;
  for (const key of keys) {
    const value: unknown = Reflect.get(from, key);
    if (typeof value === 'string' && value !== '') return value;
  }
  return null;
}
