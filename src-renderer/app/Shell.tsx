import './shell.css';
import {
  IconActivity,
  IconAnchor,
  IconDeviceDesktop,
  IconDisc,
  IconHeartbeat,
  IconShieldLock,
  IconTemplate,
  IconUsersGroup,
} from '@tabler/icons-react';
import type { ComponentType } from 'react';
import { useBerth } from '../store/use-berth.ts';
import { href, type Route, useRoute } from '../ui/navigation.ts';
import { ConnectionBanner } from './ConnectionBanner.tsx';
import { HostStatus } from './HostStatus.tsx';
import { SchemeSwitch } from './SchemeSwitch.tsx';
import { View } from './View.tsx';

type Item = {
  label: string;
  to: string;
  icon: ComponentType<{ size: number; stroke: number }>;
  views: readonly Route['view'][];
};

const ITEMS: readonly Item[] = [
  {
    label: 'Machines',
    to: href.library(),
    icon: IconDeviceDesktop,
    views: ['library', 'create', 'creation', 'queue', 'machine'],
  },
  { label: 'Images', to: href.media(), icon: IconDisc, views: ['media'] },
  { label: 'Templates', to: href.templates(), icon: IconTemplate, views: ['templates'] },
  {
    label: 'Departments',
    to: href.departments(),
    icon: IconUsersGroup,
    views: ['departments'],
  },
  { label: 'Filters', to: href.filters(), icon: IconShieldLock, views: ['filters'] },
  { label: 'Activity', to: href.activity(), icon: IconActivity, views: ['activity'] },
  { label: 'Host', to: href.host(), icon: IconHeartbeat, views: ['host'] },
];

function Sidebar({ view }: { view: Route['view'] }) {
  return (
    <nav className="sidebar" aria-label="Main">
      <div className="brand">
        <IconAnchor size={20} stroke={2} aria-hidden="true" />
        <span className="sidebar-text">Berth</span>
      </div>
      <ul>
        {ITEMS.map(({ label, to, icon: Icon, views }) => (
          <li key={label}>
            <a
              href={to}
              className="nav-item"
              aria-current={views.includes(view) ? 'page' : undefined}
              title={label}
            >
              <Icon size={18} stroke={1.7} />
              <span className="sidebar-text">{label}</span>
            </a>
          </li>
        ))}
      </ul>
      <div className="sidebar-foot">
        <HostStatus />
        <SchemeSwitch />
      </div>
    </nav>
  );
}

export function Shell({ onReload }: { onReload: () => Promise<void> }) {
  const route = useRoute();
  const phase = useBerth((state) => state.phase);
  return (
    <div className="shell" data-phase={phase}>
      <Sidebar view={route.view} />
      <main className="main">
        <ConnectionBanner />
        <View route={route} onReload={onReload} />
      </main>
    </div>
  );
}
