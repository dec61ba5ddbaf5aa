import { ROLES, type Role } from './department.ts';

/** In which department a role is asked for. */
export type About =
  /** That of the machine `machineId`. */
  | 'machine'
  /** That of the creation `creationId`, and `request.departmentId` where a retry names another. */
  | 'creation'
  /** `departmentId` itself. */
  | 'department'
  /** `owner`: a department, or a machine's. */
  | 'owner'
  /** `departmentId` where it is given, else as `host`. */
  | 'scope'
  /** Personal: the whole host is concerned. */
  | 'host'
  /** That of the machine `machineId`, and `departmentId` or Personal, to which it is to belong. */
  | 'adoption'
  /** None: everybody may, and the answer holds only what they may see. */
  | 'nobody';

export interface Permission {
  /** The least role. */
  role: Role;
  about: About;
  /** Whether it is in the audit when it was allowed; refused ones always are. */
  audited: boolean;
}

const act = <A extends About>(role: Role, about: A) => ({ role, about, audited: true }) as const;
/** Changes nothing. */
const look = <A extends About>(role: Role, about: A) => ({ role, about, audited: false }) as const;

/** Every command, by the name of its IPC channel or, where it has none, of the command line. */
export const COMMANDS = {
  'app.snapshot': look('viewer', 'nobody'),
  'host.doctor': look('viewer', 'nobody'),
  'fixes.apply': act('manager', 'host'),
  recover: act('manager', 'host'),
  'creations.plan': look('manager', 'department'),
  'creations.start': act('manager', 'department'),
  'creations.startMany': act('manager', 'department'),
  'creations.cancel': act('manager', 'creation'),
  'creations.retry': act('manager', 'creation'),
  'creations.log': look('viewer', 'creation'),
  'creations.get': look('viewer', 'creation'),
  'creations.dismiss': act('manager', 'creation'),
  'machines.start': act('operator', 'machine'),
  'machines.stop': act('operator', 'machine'),
  'machines.kill': act('operator', 'machine'),
  'machines.reboot': act('operator', 'machine'),
  'machines.pause': act('operator', 'machine'),
  'machines.resume': act('operator', 'machine'),
  'machines.delete': act('manager', 'machine'),
  'machines.rename': act('manager', 'machine'),
  'machines.resize': act('manager', 'machine'),
  'machines.addDisk': act('manager', 'machine'),
  'machines.removeDisk': act('manager', 'machine'),
  'machines.adoption': look('manager', 'machine'),
  'machines.adopt': act('manager', 'adoption'),
  'machines.forget': act('manager', 'machine'),
  'machines.config': look('viewer', 'machine'),
  'machines.acceptChanges': act('manager', 'machine'),
  'reconcile.scan': look('manager', 'host'),
  'reconcile.remove': act('manager', 'host'),
  'machines.details': look('viewer', 'machine'),
  'machines.screenshot': look('viewer', 'machine'),
  'media.pick': look('manager', 'host'),
  'media.add': act('manager', 'host'),
  /** All may make machines of it, so that it asks for the right to take and to give. */
  'media.capture': act('manager', 'adoption'),
  'media.remove': act('manager', 'host'),
  'console.open': act('operator', 'machine'),
  'console.ticket': act('operator', 'machine'),
  'console.viewer': act('operator', 'machine'),
  'console.fullscreen': look('viewer', 'nobody'),
  'templates.list': look('viewer', 'nobody'),
  'templates.get': look('viewer', 'nobody'),
  'templates.create': act('manager', 'host'),
  'templates.update': act('manager', 'host'),
  'templates.duplicate': act('manager', 'host'),
  'templates.archive': act('manager', 'host'),
  'templates.delete': act('manager', 'host'),
  'templates.export': look('viewer', 'nobody'),
  'templates.import': act('manager', 'host'),
  'templates.saveCategory': act('manager', 'host'),
  'templates.deleteCategory': act('manager', 'host'),
  'templates.backups': look('manager', 'host'),
  'templates.backup': act('manager', 'host'),
  /** It brings the host's rules back as well. */
  'templates.restore': act('owner', 'host'),
  'applications.list': look('viewer', 'nobody'),
  'applications.get': look('viewer', 'nobody'),
  'applications.save': act('manager', 'host'),
  'applications.delete': act('manager', 'host'),
  /** These answer with what the person may see. */
  'audit.query': look('viewer', 'nobody'),
  'metrics.get': look('viewer', 'nobody'),
  'policies.get': look('viewer', 'nobody'),
  'policies.set': act('owner', 'host'),
  'host.networks': look('viewer', 'nobody'),
  'gpus.list': look('viewer', 'nobody'),
  'filters.list': look('viewer', 'nobody'),
  'filters.get': look('viewer', 'owner'),
  'filters.check': look('viewer', 'owner'),
  'filters.set': act('manager', 'owner'),
  'departments.list': look('viewer', 'nobody'),
  'departments.get': look('viewer', 'department'),
  'departments.create': act('owner', 'host'),
  'departments.update': act('owner', 'department'),
  /** A limit that those could lift whom it binds would be none. */
  'departments.quota': act('owner', 'host'),
  'departments.delete': act('owner', 'department'),
  'departments.setMember': act('owner', 'department'),
  'departments.removeMember': act('owner', 'department'),
} as const satisfies Record<string, Permission>;

export type CommandName = keyof typeof COMMANDS;

export const permissionOf = (command: CommandName): Permission => COMMANDS[command];

/** Each role may do what the ones before it may; `null` = none at all. */
export function isAllowed(role: Role | null | undefined, least: Role): boolean {
  return role !== null && role !== undefined && ROLES.indexOf(role) >= ROLES.indexOf(least);
}
