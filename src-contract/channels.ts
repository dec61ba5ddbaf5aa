import { z } from 'zod';
import { applicationSchema } from './model/application.ts';
import { auditEntrySchema, auditQuerySchema } from './model/audit.ts';
import {
  createManySchema,
  createRequestSchema,
  manyStartedSchema,
} from './model/create-request.ts';
import { creationSchema, logLineSchema } from './model/creation.ts';
import {
  departmentChangeSchema,
  departmentDraftSchema,
  departmentIdSchema,
  departmentSchema,
  memberSchema,
  quotaSchema,
} from './model/department.ts';
import { fixSchema } from './model/error.ts';
import { eventSchema } from './model/events.ts';
import {
  filterConflictSchema,
  filterOwnerSchema,
  filterPolicySchema,
  filterSchema,
} from './model/filter.ts';
import { gpuSchema } from './model/gpu.ts';
import { doctorCheckSchema } from './model/host.ts';
import { hostNetworksSchema } from './model/host-networks.ts';
import { bytesSchema } from './model/ids.ts';
import {
  adoptionSchema,
  diskAddedSchema,
  machineConfigSchema,
  reconcileReportSchema,
  removalSchema,
  resizeChangeSchema,
  resizedSchema,
  volumeRefSchema,
} from './model/lifecycle.ts';
import { machineDetailsSchema, screenshotSchema } from './model/machine.ts';
import { mediaSchema } from './model/media.ts';
import { metricsQuerySchema, metricsSchema } from './model/metrics.ts';
import { planSchema } from './model/plan.ts';
import { policiesSchema, policyChangeSchema } from './model/policies.ts';
import { snapshotSchema } from './model/snapshot.ts';
import { templateSchema } from './model/template.ts';
import {
  importConflictSchema,
  importResultSchema,
  templateBackupSchema,
  templateBundleSchema,
  templateCategorySchema,
  templateLibrarySchema,
} from './model/template-bundle.ts';

const nothing = z.undefined();
const machine = z.object({ machineId: z.string().min(1).max(64) });
const creation = z.object({ creationId: z.string().min(1).max(64) });
const template = z.object({ templateId: z.string().min(1).max(64) });
/** What the core checks field by field, with an error that names the field. */
const fields = z.record(z.string().max(64), z.unknown());
const department = z.object({ departmentId: departmentIdSchema });
const filterOwner = z.object({ owner: filterOwnerSchema });
const started = z.object({ creationId: z.string(), machineId: z.string() });

const call = <A extends z.ZodType, R extends z.ZodType>(args: A, result: R) => ({ args, result });

/** Renderer asks, main answers. Named once here; both ends are derived (derive.ts). */
export const invokeChannels = {
  'app.snapshot': call(nothing, snapshotSchema),
  'host.doctor': call(nothing, z.array(doctorCheckSchema)),
  'host.networks': call(nothing, hostNetworksSchema),
  /** Graphics cards of the host, and why a machine cannot have one. */
  'gpus.list': call(nothing, z.array(gpuSchema)),
  'fixes.apply': call(fixSchema, nothing),
  'filters.list': call(nothing, z.array(filterSchema)),
  'filters.get': call(filterOwner, filterSchema),
  /** What would not have the effect that it seems to have; changes nothing. */
  'filters.check': call(
    filterOwner.extend({ policy: filterPolicySchema }),
    z.array(filterConflictSchema),
  ),
  /** Stores it and puts it in force, on running machines at once. */
  'filters.set': call(filterOwner.extend({ policy: filterPolicySchema }), filterSchema),
  /** With `count` the receipt of so many machines. */
  'creations.plan': call(createManySchema.partial({ count: true }), planSchema),
  'creations.start': call(createRequestSchema, started),
  /** Machines `name-1`, `name-2` … of one request; those that are refused do not stop the others. */
  'creations.startMany': call(createManySchema, manyStartedSchema),
  'creations.cancel': call(creation, nothing),
  /** Same inputs again, the kept secret included; fields given here win. */
  'creations.retry': call(creation.extend({ request: createRequestSchema.optional() }), started),
  'creations.log': call(creation, z.array(logLineSchema)),
  'creations.get': call(creation, creationSchema),
  /** Removes the record of an ended creation. */
  'creations.dismiss': call(creation, nothing),
  'machines.start': call(machine, nothing),
  /**
   * Asks the guest to power off (ACPI); it may refuse or take its time. With `forceAfterSeconds` it is turned off by
   * force when it has not by then, and the answer comes when it is off.
   */
  'machines.stop': call(
    machine.extend({ forceAfterSeconds: z.number().int().min(1).max(3600).optional() }),
    nothing,
  ),
  'machines.kill': call(machine, nothing),
  'machines.reboot': call(machine, nothing),
  'machines.pause': call(machine, nothing),
  'machines.resume': call(machine, nothing),
  'machines.delete': call(machine, nothing),
  'machines.rename': call(machine.extend({ name: z.string().min(1).max(80) }), nothing),
  'machines.resize': call(machine.extend({ change: resizeChangeSchema }), z.array(resizedSchema)),
  /** Without a pool: in Berth's. */
  'machines.addDisk': call(
    machine.extend({
      capacityBytes: bytesSchema.min(1024 ** 2),
      pool: z.string().min(1).max(255).optional(),
    }),
    diskAddedSchema,
  ),
  /** With all that is on it. */
  'machines.removeDisk': call(machine.extend({ target: z.string().min(1).max(32) }), nothing),
  /** What adopting another tool's domain would take over; changes nothing. */
  'machines.adoption': call(machine, adoptionSchema),
  /** Makes it a machine of a department; the volumes named are its own from then on. */
  'machines.adopt': call(
    machine.extend({
      departmentId: departmentIdSchema.optional(),
      volumes: z.array(volumeRefSchema).max(64),
    }),
    machine,
  ),
  /** The opposite: Berth's record and mark go, the domain and its disks stay. */
  'machines.forget': call(machine, nothing),
  /** Null = nothing is saved yet. */
  'machines.config': call(machine, machineConfigSchema.nullable()),
  /** Takes what another tool has changed as it is now. */
  'machines.acceptChanges': call(machine, nothing),
  /** Compares libvirt, pools and database; changes nothing. */
  'reconcile.scan': call(nothing, reconcileReportSchema),
  'reconcile.remove': call(
    z.object({ ids: z.array(z.string().min(1).max(600)).min(1).max(1000) }),
    z.array(removalSchema),
  ),
  'machines.details': call(machine, machineDetailsSchema),
  'machines.screenshot': call(machine, screenshotSchema.nullable()),
  /** Opens a file dialog; null = the person closed it. */
  'media.pick': call(nothing, z.string().nullable()),
  'media.add': call(
    z.object({ path: z.string().min(1).max(4096), name: z.string().max(80).optional() }),
    mediaSchema,
  ),
  /** An image of a machine's disk. Answers when it is ready, as above. */
  'media.capture': call(machine.extend({ name: z.string().max(80).optional() }), mediaSchema),
  'media.remove': call(z.object({ mediaId: z.string().min(1).max(64) }), nothing),
  'departments.list': call(nothing, z.array(departmentSchema)),
  'departments.get': call(department, departmentSchema),
  'departments.create': call(departmentDraftSchema, departmentSchema),
  'departments.update': call(
    department.extend({ change: departmentChangeSchema }),
    departmentSchema,
  ),
  /** Limits that are left out stay; null = no limit. */
  'departments.quota': call(department.extend({ quota: quotaSchema.partial() }), departmentSchema),
  'departments.delete': call(department, nothing),
  /** Adds a member or changes its role. */
  'departments.setMember': call(department.extend({ member: memberSchema }), nothing),
  'departments.removeMember': call(
    department.extend({ member: memberSchema.omit({ role: true }) }),
    nothing,
  ),
  /** Archived ones too, with all categories and applications. */
  'templates.list': call(nothing, templateLibrarySchema),
  'templates.get': call(template, templateSchema),
  /** Fields of a template; an id that is left out is made of the name. */
  'templates.create': call(z.object({ draft: fields }), templateSchema),
  /** Fields that are left out stay. */
  'templates.update': call(template.extend({ change: fields }), templateSchema),
  'templates.duplicate': call(
    template.extend({ name: z.string().min(1).max(80).optional() }),
    templateSchema,
  ),
  'templates.archive': call(template.extend({ archived: z.boolean() }), templateSchema),
  'templates.delete': call(template, nothing),
  /** Without ids all of a person's own. */
  'templates.export': call(
    z.object({ templateIds: z.array(z.string().min(1).max(64)).max(1000).optional() }),
    templateBundleSchema,
  ),
  'templates.import': call(
    z.object({ document: z.unknown(), conflict: importConflictSchema }),
    importResultSchema,
  ),
  'templates.saveCategory': call(templateCategorySchema, templateCategorySchema),
  'templates.deleteCategory': call(z.object({ id: z.string().min(1).max(64) }), nothing),
  /** Newest first. */
  'templates.backups': call(nothing, z.array(templateBackupSchema)),
  'templates.backup': call(nothing, templateBackupSchema),
  /** A name of the list or an absolute path; null = the newest. What is not in it stays. */
  'templates.restore': call(
    z.object({ name: z.string().max(4096).nullable() }),
    importResultSchema,
  ),
  'applications.list': call(nothing, z.array(applicationSchema)),
  'applications.get': call(z.object({ id: z.string().min(1).max(64) }), applicationSchema),
  'applications.save': call(z.object({ draft: fields }), applicationSchema),
  'applications.delete': call(z.object({ id: z.string().min(1).max(64) }), nothing),
  'policies.get': call(nothing, policiesSchema),
  'policies.set': call(policyChangeSchema, policiesSchema),
  /** Newest first; the next page begins `before` the last id. */
  'audit.query': call(auditQuerySchema, z.array(auditEntrySchema)),
  'metrics.get': call(metricsQuerySchema, metricsSchema),
  'console.open': call(machine, nothing),
  /** One-time ticket of a console window: a WebSocket on 127.0.0.1 that relays to the machine's display. */
  'console.ticket': call(
    machine,
    z.object({ url: z.string(), protocol: z.enum(['spice', 'vnc']), password: z.string() }),
  ),
  /** Opens the display in an external viewer. */
  'console.viewer': call(machine, nothing),
  'console.fullscreen': call(z.object({ on: z.boolean() }), nothing),
} as const;

/** Main tells, renderer listens. */
export const notifyChannels = {
  /** In order of revision, batched. */
  events: z.array(eventSchema),
} as const;
