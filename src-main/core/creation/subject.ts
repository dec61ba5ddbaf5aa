import type { Creation } from '../../../src-contract/model/creation.ts';

/** The fields by which every log line of a creation can be found. */
export function subjectOf(creation: Creation): Record<string, unknown> {
  const { id: creationId, machineId, name, departmentId, templateId, stage } = creation;
  return { creationId, machineId, name, departmentId, templateId, stage };
}
