import { MantineProvider } from '@mantine/core';
import { Notifications } from '@mantine/notifications';
import { DeleteDialog } from '../features/delete-machine/DeleteDialog.tsx';
import { theme } from '../ui/theme.ts';
import { Shell } from './Shell.tsx';

/** `onReload` asks main for a new snapshot, after the first one failed. */
export function App({ onReload }: { onReload: () => Promise<void> }) {
  return (
    <MantineProvider
      theme={theme}
      defaultColorScheme="auto"
      withCssVariables={false}
      withGlobalClasses={false}
    >
      <Notifications position="bottom-right" limit={4} />
      <Shell onReload={onReload} />
      <DeleteDialog />
    </MantineProvider>
  );
}
