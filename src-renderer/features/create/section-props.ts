import type { Overrides } from '../../../src-contract/model/create-request.ts';
import type { Finding } from '../../../src-contract/model/error.ts';
import type { Template } from '../../../src-contract/model/template.ts';
import type { CreateForm } from './form-model.ts';

export type SectionProps = {
  form: CreateForm;
  template: Template;
  findings: readonly Finding[];
  patch: (part: Partial<CreateForm>) => void;
};

export type ChangeProps = SectionProps & { change: (part: Partial<Overrides>) => void };

/** The message for one field: only errors are repeated beside it, the receipt has them all. */
export function fieldError(findings: readonly Finding[], field: string): string | null {
  const found = findings.find((item) => item.field === field && item.severity === 'error');
  return found?.message ?? null;
}
