import { type BrowserWindow, dialog } from 'electron';

/** Path of a disk image; null = the person closed the dialog. */
export async function pickImage(window: BrowserWindow): Promise<string | null> {
  const { canceled, filePaths } = await dialog.showOpenDialog(window, {
    title: 'Add a disk image',
    properties: ['openFile'],
    filters: [
      { name: 'Disk images and installation media', extensions: ['qcow2', 'img', 'raw', 'iso'] },
      { name: 'All files', extensions: ['*'] },
    ],
  });
  return canceled ? null : (filePaths[0] ?? null);
}

/** True = quit although machines are being created. */
export async function confirmQuit(window: BrowserWindow, names: string[]): Promise<boolean> {
  const { response } = await dialog.showMessageBox(window, {
    type: 'question',
    title: 'Quit Berth?',
    message:
      names.length === 1
        ? `${names[0]} is still being created.`
        : `${names.length} machines are still being created: ${names.join(', ')}.`,
    detail: 'If you quit now, what has been made so far is removed when Berth starts again.',
    buttons: ['Keep running', 'Quit'],
    defaultId: 0,
    cancelId: 0,
  });
  return response === 1;
}

/** True = start from the last backup; false = quit. */
export async function askRestore(
  window: BrowserWindow,
  problem: { message: string; hint?: string | undefined },
): Promise<boolean> {
  const { response } = await dialog.showMessageBox(window, {
    type: 'error',
    title: 'The database is damaged',
    message: problem.message,
    detail: problem.hint ?? '',
    buttons: ['Quit', 'Start from the last backup'],
    defaultId: 1,
    cancelId: 0,
  });
  return response === 1;
}

/** For failures that leave nothing to show. */
export async function showFatal(
  window: BrowserWindow,
  message: string,
  detail: string,
): Promise<void> {
  await dialog.showMessageBox(window, {
    type: 'error',
    title: 'Berth cannot start',
    message,
    detail,
    buttons: ['Quit'],
  });
}
