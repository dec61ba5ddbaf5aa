import { z } from 'zod';
import { creationSchema, logLineSchema } from './creation.ts';
import { departmentSchema } from './department.ts';
import { hostSchema } from './host.ts';
import { timestampSchema } from './ids.ts';
import { machineSchema } from './machine.ts';
import { mediaSchema } from './media.ts';
import { stageSchema } from './stage.ts';
import { templateLibrarySchema } from './template-bundle.ts';

const common = { revision: z.number().int().nonnegative(), at: timestampSchema };

/** Fields that every event about a creation or a machine carries. */
const subject = {
  ...common,
  creationId: z.string().nullable(),
  machineId: z.string(),
  name: z.string(),
  departmentId: z.string(),
  stage: stageSchema.nullable(),
};

export const CREATION_EVENT_TYPES = [
  'vms.create_queued',
  'vms.create_started',
  'vms.create_progress',
  'vms.create_completed',
  'vms.create_failed',
  'vms.create_cancelled',
] as const;

export const eventSchema = z.discriminatedUnion('type', [
  z.object({
    type: z.enum(CREATION_EVENT_TYPES),
    ...subject,
    creation: creationSchema,
    /** Log lines new since the last event of this creation. */
    log: z.array(logLineSchema),
  }),
  /** Power or provisioning state, addresses or any other field of a machine's row changed, or it is new. */
  z.object({ type: z.literal('vms.status_changed'), ...subject, machine: machineSchema }),
  z.object({ type: z.literal('vms.removed'), ...subject }),
  z.object({ type: z.literal('media.changed'), ...common, media: mediaSchema }),
  z.object({ type: z.literal('media.removed'), ...common, mediaId: z.string() }),
  /** All that the person may see; others are not theirs any more. */
  z.object({
    type: z.literal('departments.changed'),
    ...common,
    departments: z.array(departmentSchema),
  }),
  z.object({
    type: z.literal('templates.changed'),
    ...common,
    ...templateLibrarySchema.shape,
  }),
  z.object({ type: z.literal('host.changed'), ...common, host: hostSchema }),
  /** The link to libvirt was lost and is back: the whole list, since events may have been missed. */
  z.object({ type: z.literal('machines.reset'), ...common, machines: z.array(machineSchema) }),
]);
export type BerthEvent = z.infer<typeof eventSchema>;
export type CreationEventType = (typeof CREATION_EVENT_TYPES)[number];
