import type { Creation } from '../../../src-contract/model/creation.ts';
import type { ErrorData, Finding } from '../../../src-contract/model/error.ts';
import type { SecretMask } from '../domain/secret-mask.ts';

/** The creation with every text masked that somebody else wrote: libvirt, QEMU, the guest. Names and ids stay. */
export function maskCreation(creation: Creation, mask: SecretMask): Creation {
  const orNull = (text: string | null) => (text === null ? null : mask.text(text));
  return {
    ...creation,
    stages: creation.stages.map((one) => ({ ...one, message: orNull(one.message) })),
    notes: creation.notes.map((note) => maskFinding(note, mask)),
    error: creation.error && maskError(creation.error, mask),
    undone: creation.undone.map((one) =>
      one.detail === undefined ? one : { ...one, detail: mask.text(one.detail) },
    ),
    waitingFor: orNull(creation.waitingFor),
    applications: creation.applications.map((one) => ({
      ...one,
      lastLines: one.lastLines.map((line) => mask.text(line)),
    })),
  };
}

function maskError(error: ErrorData, mask: SecretMask): ErrorData {
  const { message, cause, hint } = error;
  return {
    ...error,
    message: mask.text(message),
    ...(cause !== undefined && { cause: mask.text(cause) }),
    ...(hint !== undefined && { hint: mask.text(hint) }),
  };
}

function maskFinding(finding: Finding, mask: SecretMask): Finding {
  const { message, hint } = finding;
  return {
    ...finding,
    message: mask.text(message),
    ...(hint !== undefined && { hint: mask.text(hint) }),
  };
}
