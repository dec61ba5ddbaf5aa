import '../bridge/zod-config.ts';
import '../ui/styles.ts';
import './console.css';
import { MantineProvider } from '@mantine/core';
import { Notifications } from '@mantine/notifications';
import { createRoot } from 'react-dom/client';
import { connectStore } from '../bridge/subscribe.ts';
import { preventBrowserShortcuts } from '../ui/shortcuts.ts';
import { theme } from '../ui/theme.ts';
import { ConsoleApp } from './ConsoleApp.tsx';

document.documentElement.setAttribute('data-mantine-color-scheme', 'dark');
preventBrowserShortcuts();
void connectStore().refresh();

const root = document.getElementById('root');
if (!root) throw new Error('console.html has no #root');
const machineId = new URLSearchParams(window.location.search).get('machine') ?? '';

createRoot(root).render(
  <MantineProvider
    theme={theme}
    forceColorScheme="dark"
    withCssVariables={false}
    withGlobalClasses={false}
  >
    <Notifications position="bottom-right" limit={3} />
    <ConsoleApp machineId={machineId} />
  </MantineProvider>,
);
