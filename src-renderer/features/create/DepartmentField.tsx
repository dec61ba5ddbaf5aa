import { Select } from '@mantine/core';
import { may } from '../../store/roles.ts';
import { useBerthShallow } from '../../store/use-berth.ts';
import { fieldError, type SectionProps } from './section-props.ts';

/** Whose the machine is; not shown where there is no choice. */
export function DepartmentField({ form, findings, patch }: SectionProps) {
  const departments = useBerthShallow((state) =>
    [...state.departments.values()].filter(({ id }) => may(state, 'creations.start', id)),
  );
  const [only] = departments;
  if (departments.length < 2 && (only === undefined || only.id === form.departmentId)) return null;
  return (
    <Select
      className="wide"
      label="Department"
      allowDeselect={false}
      value={form.departmentId}
      data={departments.map(({ id, name }) => ({ value: id, label: name }))}
      error={fieldError(findings, 'departmentId')}
      onChange={(departmentId) => {
        if (departmentId !== null) patch({ departmentId });
      }}
      data-testid="department"
    />
  );
}
