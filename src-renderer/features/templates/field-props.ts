import type { Patch, problemsOf, TemplateForm } from './template-form.ts';

export type FieldProps = {
  form: TemplateForm;
  problems: ReturnType<typeof problemsOf>;
  patch: Patch;
};
