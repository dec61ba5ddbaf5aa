import { IconChevronRight } from '@tabler/icons-react';
import { type ReactNode, useId, useState } from 'react';

type Props = {
  label: ReactNode;
  children: () => ReactNode;
  initiallyOpen?: boolean;
  testId?: string;
};

/** Shows more on demand; the content is built only when open. */
export function Disclosure({ label, children, initiallyOpen = false, testId }: Props) {
  const [open, setOpen] = useState(initiallyOpen);
  const id = useId();
  return (
    <div data-testid={testId}>
      <button
        type="button"
        className="disclosure"
        aria-expanded={open}
        aria-controls={id}
        onClick={() => setOpen(!open)}
      >
        <IconChevronRight className="disclosure-sign" size={15} aria-hidden="true" />
        {label}
      </button>
      <div id={id} hidden={!open}>
        {open ? children() : null}
      </div>
    </div>
  );
}
