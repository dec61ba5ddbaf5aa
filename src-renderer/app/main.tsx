import '../bridge/zod-config.ts';
import '../ui/styles.ts';
import { createRoot } from 'react-dom/client';
import { connectStore } from '../bridge/subscribe.ts';
import { preventBrowserShortcuts } from '../ui/shortcuts.ts';
import { App } from './App.tsx';
import { rememberedScheme } from './color-scheme.ts';

rememberedScheme();
preventBrowserShortcuts();
const connection = connectStore();
void connection.refresh();

const root = document.getElementById('root');
if (!root) throw new Error('index.html has no #root');
createRoot(root).render(<App onReload={connection.refresh} />);
