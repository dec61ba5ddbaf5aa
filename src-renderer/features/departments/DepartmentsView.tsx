import './departments.css';
import { Button } from '@mantine/core';
import { IconPlus, IconUsersGroup } from '@tabler/icons-react';
import { useState } from 'react';
import { may } from '../../store/roles.ts';
import { useBerth, useBerthShallow } from '../../store/use-berth.ts';
import { EmptyState } from '../../ui/EmptyState.tsx';
import { PageHeader } from '../../ui/PageHeader.tsx';
import { DepartmentCard } from './DepartmentCard.tsx';
import { Editor } from './Editor.tsx';

/** Who shares machines, who may do what with them, and how much they may take. */
export function DepartmentsView() {
  const departments = useBerthShallow((state) => [...state.departments.values()]);
  const mayMake = useBerth((state) => may(state, 'departments.create'));
  const mayLimit = useBerth((state) => may(state, 'departments.quota'));
  const [making, setMaking] = useState(false);
  return (
    <div className="page" data-testid="departments-page">
      <PageHeader title="Departments" subtitle="Who shares machines, and how much they may take">
        {mayMake ? (
          <Button
            leftSection={<IconPlus size={16} />}
            aria-expanded={making}
            onClick={() => setMaking(!making)}
          >
            New department
          </Button>
        ) : null}
      </PageHeader>
      <div className="page-body">
        <div className="page-width stack">
          {making ? (
            <section className="card card-pad" aria-label="New department">
              <Editor department={null} mayLimit onDone={() => setMaking(false)} />
            </section>
          ) : null}
          {departments.length === 0 ? (
            <EmptyState
              icon={<IconUsersGroup size={36} stroke={1.6} />}
              title="No department is yours"
            >
              You are a member of none. An owner of a department can add you.
            </EmptyState>
          ) : (
            <ul className="departments">
              {departments.map((department) => (
                <DepartmentCard key={department.id} department={department} mayLimit={mayLimit} />
              ))}
            </ul>
          )}
        </div>
      </div>
    </div>
  );
}
