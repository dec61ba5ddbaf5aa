import { useSyncExternalStore } from 'react';

export type Route =
  | { view: 'library' }
  | { view: 'create'; templateId: string | null; retryOf: string | null; mended: boolean }
  | { view: 'creation'; creationId: string }
  | { view: 'queue' }
  | { view: 'machine'; machineId: string }
  | { view: 'media' }
  | { view: 'templates' }
  | { view: 'departments' }
  | { view: 'filters'; owner: { kind: 'department' | 'machine'; id: string } | null }
  | { view: 'activity' }
  | { view: 'host' };

/** Addresses of the views: fragments, since the page is not always served by a server. */
export const href = {
  library: () => '#/',
  gallery: () => '#/create',
  create: (templateId: string) => `#/create/${encodeURIComponent(templateId)}`,
  retry: (templateId: string, creationId: string): string =>
    `#/create/${encodeURIComponent(templateId)}?retry=${encodeURIComponent(creationId)}`,
  /** The same with the remedy of the failure already in the form. */
  mend: (templateId: string, creationId: string): string =>
    `${href.retry(templateId, creationId)}&mended`,
  queue: () => '#/queue',
  creation: (creationId: string) => `#/creation/${encodeURIComponent(creationId)}`,
  machine: (machineId: string) => `#/machine/${encodeURIComponent(machineId)}`,
  media: () => '#/media',
  templates: () => '#/templates',
  departments: () => '#/departments',
  filters: () => '#/filters',
  filter: (kind: 'department' | 'machine', id: string) =>
    `#/filters/${kind}/${encodeURIComponent(id)}`,
  activity: () => '#/activity',
  host: () => '#/host',
};

function decode(part: string | undefined): string | null {
  if (!part) return null;
  try {
    return decodeURIComponent(part);
  } catch {
    return null;
  }
}

function filterOwner(
  kind: string | null,
  id: string | null,
): Extract<Route, { view: 'filters' }>['owner'] {
  return (kind === 'department' || kind === 'machine') && id ? { kind, id } : null;
}

/** Unknown addresses lead to the library. */
export function parseRoute(hash: string): Route {
  const [path = '', query = ''] = hash.replace(/^#\/?/, '').split('?');
  const [view, rawId, rawPart] = path.split('/');
  const id = decode(rawId);
  if (view === 'create') {
    const options = new URLSearchParams(query);
    return { view, templateId: id, retryOf: options.get('retry'), mended: options.has('mended') };
  }
  if (view === 'creation' && id) return { view, creationId: id };
  if (view === 'machine' && id) return { view, machineId: id };
  if (view === 'filters') return { view, owner: filterOwner(id, decode(rawPart)) };
  if (view === 'departments' || view === 'templates' || view === 'queue') return { view };
  if (view === 'media' || view === 'host' || view === 'activity') return { view };
  return { view: 'library' };
}

export function navigate(to: string): void {
  window.location.hash = to;
}

function subscribe(changed: () => void): () => void {
  window.addEventListener('hashchange', changed);
  return () => window.removeEventListener('hashchange', changed);
}

export function useRoute(): Route {
  return parseRoute(useSyncExternalStore(subscribe, () => window.location.hash));
}
