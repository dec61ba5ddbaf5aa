/* What the app's main script gets when it imports 'electron'. A name that is missing here fails at its import. */
export { app } from './api/app.ts';
export { BrowserWindow } from './api/browser-window.ts';
export { clipboard } from './api/clipboard.ts';
export { dialog } from './api/dialog.ts';
export { ipcMain } from './api/ipc-main.ts';
export { Menu, MenuItem } from './api/menu.ts';
export { nativeImage } from './api/native-image.ts';
export { nativeTheme } from './api/native-theme.ts';
export { net } from './api/net.ts';
export { Notification } from './api/notification.ts';
export { protocol } from './api/protocol.ts';
export { crashReporter, globalShortcut, powerMonitor } from './api/quiet.ts';
export { safeStorage } from './api/safe-storage.ts';
export { screen } from './api/screen.ts';
export { session } from './api/session.ts';
export { shell } from './api/shell.ts';
export { Tray } from './api/tray.ts';
export { WebContents as webContents } from './api/web-contents.ts';
