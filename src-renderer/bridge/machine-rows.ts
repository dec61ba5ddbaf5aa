import './zod-config.ts';
import { z } from 'zod';
import { findingSchema } from '../../src-contract/model/error.ts';
import {
  type Machine,
  machineSchema,
  powerStateSchema,
  provisioningStateSchema,
} from '../../src-contract/model/machine.ts';
import { snapshotSchema } from '../../src-contract/model/snapshot.ts';

type Check = (value: unknown) => boolean;

const text: Check = (value) => typeof value === 'string';
const textOrNull: Check = (value) => value === null || typeof value === 'string';
const count: Check = (value) => Number.isSafeInteger(value) && Number(value) >= 0;
const oneOf = (words: readonly string[]): Check => {
  const known = new Set<unknown>(words);
  return (value) => known.has(value);
};

type Fields = { readonly [key: string]: unknown };

const isFields = (value: unknown): value is Fields => typeof value === 'object' && value !== null;

const severity = oneOf(findingSchema.shape.severity.options);
const optionalText: Check = (value) => value === undefined || typeof value === 'string';

/** Notes with a remedy, which are rare, take the thorough way. */
function isPlainNote(note: unknown): boolean {
  return (
    isFields(note) &&
    note['fix'] === undefined &&
    typeof note['code'] === 'string' &&
    /^[a-z][a-z0-9_]*$/.test(note['code']) &&
    severity(note['severity']) &&
    text(note['message']) &&
    optionalText(note['hint']) &&
    optionalText(note['field'])
  );
}

/** The fields of a machine's row by hand; the compiler asks for each field of the contract. */
const CHECKS: Record<keyof Machine, Check> = {
  id: text,
  name: text,
  domainName: text,
  domainUuid: text,
  origin: oneOf(machineSchema.shape.origin.options),
  departmentId: text,
  templateId: textOrNull,
  creationId: textOrNull,
  osLabel: textOrNull,
  power: oneOf(powerStateSchema.options),
  provisioning: oneOf(provisioningStateSchema.options),
  vcpus: Number.isSafeInteger,
  memoryBytes: count,
  graphics: oneOf(machineSchema.shape.graphics.options),
  addresses: (value) => Array.isArray(value) && value.every(text),
  notes: (value) => Array.isArray(value) && value.every(isPlainNote),
  deleteFailed: (value) => typeof value === 'boolean',
  createdAt: (value) => value === null || count(value),
  revision: count,
};
const ENTRIES = Object.entries(CHECKS);

/** Whether a row fits the contract; false also for the few that only the schema can judge. */
export function isPlainMachine(value: unknown): value is Machine {
  if (!isFields(value)) return false;
  for (const [key, check] of ENTRIES) if (!check(value[key])) return false;
  return true;
}

const fits = (row: unknown) => isPlainMachine(row) || machineSchema.safeParse(row).success;

/** The contract's snapshot, quick enough for a thousand machines at the start of a window. */
export const quickSnapshotSchema = snapshotSchema.extend({
  machines: z.union([
    z.custom<Machine[]>((rows) => Array.isArray(rows) && rows.every(fits)),
    // Reached only to say what is wrong with which row.
    z.array(machineSchema),
  ]),
});
