import { lazy, Suspense } from 'react';
import { LibraryView } from '../features/library/LibraryView.tsx';
import { useBerth } from '../store/use-berth.ts';
import { ErrorPanel } from '../ui/ErrorPanel.tsx';
import type { Route } from '../ui/navigation.ts';
import { ViewBoundary } from './ViewBoundary.tsx';

const CreateView = lazy(() =>
  import('../features/create/CreateView.tsx').then((m) => ({ default: m.CreateView })),
);
const CreationView = lazy(() =>
  import('../features/creation/CreationView.tsx').then((m) => ({ default: m.CreationView })),
);
const QueueView = lazy(() =>
  import('../features/queue/QueueView.tsx').then((m) => ({ default: m.QueueView })),
);
const MachineView = lazy(() =>
  import('../features/machine/MachineView.tsx').then((m) => ({ default: m.MachineView })),
);
const MediaView = lazy(() =>
  import('../features/media/MediaView.tsx').then((m) => ({ default: m.MediaView })),
);
const DepartmentsView = lazy(() =>
  import('../features/departments/DepartmentsView.tsx').then((m) => ({
    default: m.DepartmentsView,
  })),
);
const ActivityView = lazy(() =>
  import('../features/activity/ActivityView.tsx').then((m) => ({ default: m.ActivityView })),
);
const FiltersView = lazy(() =>
  import('../features/filters/FiltersView.tsx').then((m) => ({ default: m.FiltersView })),
);
const TemplatesView = lazy(() =>
  import('../features/templates/TemplatesView.tsx').then((m) => ({ default: m.TemplatesView })),
);
const HostView = lazy(() =>
  import('../features/host/HostView.tsx').then((m) => ({ default: m.HostView })),
);

function Content({ route }: { route: Route }) {
  switch (route.view) {
    case 'library':
      return <LibraryView />;
    case 'create':
      return <CreateView {...route} />;
    case 'creation':
      return <CreationView key={route.creationId} creationId={route.creationId} />;
    case 'queue':
      return <QueueView />;
    case 'machine':
      return <MachineView key={route.machineId} machineId={route.machineId} />;
    case 'media':
      return <MediaView />;
    case 'templates':
      return <TemplatesView />;
    case 'departments':
      return <DepartmentsView />;
    case 'filters':
      return <FiltersView key={window.location.hash} owner={route.owner} />;
    case 'activity':
      return <ActivityView />;
    case 'host':
      return <HostView />;
  }
}

function Failed({ onReload }: { onReload: () => Promise<void> }) {
  const failure = useBerth((state) => state.failure);
  return (
    <div className="page-body">
      <ErrorPanel
        message={failure?.message ?? 'Berth could not load its machines.'}
        cause={failure?.cause}
        hint={failure?.hint}
        fix={{ label: 'Try again', run: onReload }}
      />
    </div>
  );
}

export function View({ route, onReload }: { route: Route; onReload: () => Promise<void> }) {
  const phase = useBerth((state) => state.phase);
  if (phase === 'failed') return <Failed onReload={onReload} />;
  if (phase === 'loading') return <div className="loading" data-testid="loading" />;
  return (
    <div className="view">
      <ViewBoundary key={route.view}>
        <Suspense fallback={<div className="loading" />}>
          <Content route={route} />
        </Suspense>
      </ViewBoundary>
    </div>
  );
}
