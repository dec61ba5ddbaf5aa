import { lazy, Suspense } from 'react';
import { useStore } from 'zustand';
import { dialogs } from '../../store/dialogs.ts';

const DeleteForm = lazy(() => import('./DeleteForm.tsx').then((m) => ({ default: m.DeleteForm })));

/** Stands by; the dialog itself is loaded when somebody wants to delete for the first time. */
export function DeleteDialog() {
  const machineId = useStore(dialogs, (state) => state.deleteMachineId);
  if (machineId === null) return null;
  return (
    <Suspense fallback={null}>
      <DeleteForm key={machineId} machineId={machineId} />
    </Suspense>
  );
}
