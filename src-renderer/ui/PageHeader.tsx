import { ActionIcon } from '@mantine/core';
import { IconArrowLeft } from '@tabler/icons-react';
import type { ReactNode } from 'react';

type Props = {
  title: ReactNode;
  subtitle?: ReactNode;
  /** Address of the view above, shown as an arrow. */
  back?: { to: string; label: string };
  children?: ReactNode;
};

export function PageHeader({ title, subtitle, back, children }: Props) {
  return (
    <header className="page-header">
      {back ? (
        <ActionIcon
          component="a"
          href={back.to}
          variant="subtle"
          color="gray"
          aria-label={back.label}
        >
          <IconArrowLeft size={18} />
        </ActionIcon>
      ) : null}
      <div className="page-titles">
        <h1 className="ellipsis">{title}</h1>
        {subtitle ? <div className="page-sub ellipsis">{subtitle}</div> : null}
      </div>
      {children ? <div className="page-actions">{children}</div> : null}
    </header>
  );
}
