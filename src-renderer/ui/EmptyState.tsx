import type { ReactNode } from 'react';

type Props = { icon: ReactNode; title: string; children: ReactNode; actions?: ReactNode };

export function EmptyState({ icon, title, children, actions }: Props) {
  return (
    <section className="empty" data-testid="empty-state">
      <div className="empty-icon" aria-hidden="true">
        {icon}
      </div>
      <h2>{title}</h2>
      <p>{children}</p>
      {actions ? <div className="empty-actions">{actions}</div> : null}
    </section>
  );
}
