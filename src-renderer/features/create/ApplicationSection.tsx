import { useState } from 'react';
import { useBerthShallow } from '../../store/use-berth.ts';
import { ApplicationPicker } from '../../ui/ApplicationPicker.tsx';
import { FoldedLine } from '../../ui/FoldedLine.tsx';
import { fieldError, type SectionProps } from './section-props.ts';

/** What the guest installs at its first boot, besides what the template says. */
export function ApplicationSection({ form, template, findings, patch }: SectionProps) {
  const applications = useBerthShallow((state) => state.applications);
  const [open, setOpen] = useState(form.applications.length > 0);
  const fixed = template.applications.map(({ id }) => id);
  const own = form.applications.map(({ id }) => id).filter((id) => !fixed.includes(id));
  const names = [...fixed, ...own].join(', ');
  const problem = fieldError(findings, 'applications');
  return (
    <section className="card card-pad stack" aria-label="Applications">
      <FoldedLine
        title="Applications"
        summary={names === '' ? 'none' : names}
        open={open}
        onToggle={setOpen}
        testId="applications"
      />
      {problem ? <span role="alert">{problem}</span> : null}
      {open ? (
        <ApplicationPicker
          applications={applications}
          chosen={form.applications}
          fixed={fixed}
          onChange={(chosen) => patch({ applications: chosen })}
        />
      ) : null}
    </section>
  );
}
