import type * as Electron from 'electron';
import { app } from './api/app.ts';
import { BrowserWindow } from './api/browser-window.ts';
import { clipboard } from './api/clipboard.ts';
import { dialog } from './api/dialog.ts';
import { ipcMain } from './api/ipc-main.ts';
import { Menu, MenuItem } from './api/menu.ts';
import type { NativeImage } from './api/native-image.ts';
import { nativeImage } from './api/native-image.ts';
import { nativeTheme } from './api/native-theme.ts';
import { net } from './api/net.ts';
import { Notification } from './api/notification.ts';
import { protocol } from './api/protocol.ts';
import { crashReporter, globalShortcut, powerMonitor } from './api/quiet.ts';
import { safeStorage } from './api/safe-storage.ts';
import { screen } from './api/screen.ts';
import { session } from './api/session.ts';
import { shell } from './api/shell.ts';
import { Tray } from './api/tray.ts';
import type { WebContents } from './api/web-contents.ts';
import type { WebFrameMain } from './api/web-frame-main.ts';
import type { PreloadBridge } from './bridge/preload-bridge.ts';
import type * as host from './electron-module.ts';

/*
 * Only the compiler reads this file: it compares the host with electron.d.ts, member by member. Members that give
 * or take whole windows, pages or sessions cannot be compared this way, because the host has a part of each; the
 * end-to-end tests use them.
 */
app satisfies Pick<
  Electron.App,
  | 'commandLine'
  | 'disableHardwareAcceleration'
  | 'enableSandbox'
  | 'exit'
  | 'getAppPath'
  | 'getLocale'
  | 'getName'
  | 'getPath'
  | 'getPreferredSystemLanguages'
  | 'getSystemLocale'
  | 'getVersion'
  | 'hasSingleInstanceLock'
  | 'isPackaged'
  | 'isReady'
  | 'name'
  | 'quit'
  | 'releaseSingleInstanceLock'
  | 'relaunch'
  | 'requestSingleInstanceLock'
  | 'setAppLogsPath'
  | 'setAppUserModelId'
  | 'setName'
  | 'setPath'
  | 'whenReady'
>;

declare const window: BrowserWindow;
window satisfies Pick<
  Electron.BrowserWindow,
  | 'blur'
  | 'center'
  | 'close'
  | 'destroy'
  | 'flashFrame'
  | 'focus'
  | 'getBounds'
  | 'getContentBounds'
  | 'getMinimumSize'
  | 'getNormalBounds'
  | 'getPosition'
  | 'getSize'
  | 'getTitle'
  | 'hide'
  | 'id'
  | 'isDestroyed'
  | 'isFocused'
  | 'isFullScreen'
  | 'isMaximized'
  | 'isMinimized'
  | 'isVisible'
  | 'loadFile'
  | 'loadURL'
  | 'maximize'
  | 'minimize'
  | 'reload'
  | 'removeMenu'
  | 'restore'
  | 'setAlwaysOnTop'
  | 'setAutoHideMenuBar'
  | 'setBackgroundColor'
  | 'setBounds'
  | 'setFullScreen'
  | 'setIcon'
  | 'setMenu'
  | 'setMenuBarVisibility'
  | 'setMinimumSize'
  | 'setPosition'
  | 'setProgressBar'
  | 'setResizable'
  | 'setSize'
  | 'setTitle'
  | 'show'
  | 'showInactive'
  | 'unmaximize'
>;
BrowserWindow satisfies new (
  options?: Electron.BrowserWindowConstructorOptions,
) => unknown;
BrowserWindow satisfies Record<
  keyof Pick<
    typeof Electron.BrowserWindow,
    'fromId' | 'fromWebContents' | 'getAllWindows' | 'getFocusedWindow'
  >,
  unknown
>;

declare const contents: WebContents;
contents satisfies Pick<
  Electron.WebContents,
  | 'close'
  | 'closeDevTools'
  | 'executeJavaScript'
  | 'focus'
  | 'getType'
  | 'getURL'
  | 'id'
  | 'isCrashed'
  | 'isDestroyed'
  | 'isDevToolsOpened'
  | 'isLoading'
  | 'loadFile'
  | 'loadURL'
  | 'openDevTools'
  | 'reload'
  | 'reloadIgnoringCache'
  | 'send'
  | 'setBackgroundThrottling'
  | 'setWindowOpenHandler'
  | 'setZoomFactor'
  | 'stop'
>;

declare const frame: WebFrameMain;
frame satisfies Pick<
  Electron.WebFrameMain,
  'frameTreeNodeId' | 'origin' | 'parent' | 'processId' | 'routingId' | 'url'
>;

ipcMain satisfies Pick<Electron.IpcMain, 'handle' | 'handleOnce' | 'removeHandler'>;
protocol satisfies Pick<
  Electron.Protocol,
  'handle' | 'isProtocolHandled' | 'registerSchemesAsPrivileged' | 'unhandle'
>;
net satisfies Pick<Electron.Net, 'fetch' | 'isOnline'>;
session.defaultSession satisfies Pick<
  Electron.Session,
  | 'clearCache'
  | 'clearStorageData'
  | 'fetch'
  | 'setCertificateVerifyProc'
  | 'setDevicePermissionHandler'
  | 'setPermissionCheckHandler'
  | 'setPermissionRequestHandler'
  | 'setProxy'
  | 'setSpellCheckerEnabled'
>;
session.defaultSession.webRequest satisfies Pick<
  Electron.WebRequest,
  | 'onBeforeRequest'
  | 'onBeforeSendHeaders'
  | 'onCompleted'
  | 'onErrorOccurred'
  | 'onHeadersReceived'
>;
dialog satisfies Pick<
  Electron.Dialog,
  'showErrorBox' | 'showMessageBox' | 'showOpenDialog' | 'showSaveDialog'
>;
shell satisfies Pick<
  Electron.Shell,
  'beep' | 'openExternal' | 'openPath' | 'showItemInFolder' | 'trashItem'
>;
clipboard satisfies Pick<Electron.Clipboard, 'clear' | 'readText' | 'writeText'>;
nativeTheme satisfies Pick<
  Electron.NativeTheme,
  | 'inForcedColorsMode'
  | 'prefersReducedTransparency'
  | 'shouldUseDarkColors'
  | 'shouldUseHighContrastColors'
  | 'shouldUseInvertedColorScheme'
  | 'themeSource'
>;
safeStorage satisfies Pick<
  Electron.SafeStorage,
  | 'decryptString'
  | 'encryptString'
  | 'getSelectedStorageBackend'
  | 'isEncryptionAvailable'
  | 'setUsePlainTextEncryption'
>;
nativeImage satisfies Record<
  keyof Pick<
    typeof Electron.nativeImage,
    'createEmpty' | 'createFromBuffer' | 'createFromDataURL' | 'createFromPath'
  >,
  (...args: never[]) => NativeImage
>;
nativeImage.createEmpty() satisfies Pick<
  Electron.NativeImage,
  'isEmpty' | 'setTemplateImage' | 'toDataURL' | 'toPNG'
>;
Menu satisfies Record<
  keyof Pick<
    typeof Electron.Menu,
    'buildFromTemplate' | 'getApplicationMenu' | 'setApplicationMenu'
  >,
  unknown
>;
Menu.buildFromTemplate satisfies (
  template: Omit<Electron.MenuItemConstructorOptions, 'submenu'>[],
) => Menu;
new Menu() satisfies Pick<Electron.Menu, 'closePopup' | 'popup'>;
new MenuItem({}) satisfies Pick<
  Electron.MenuItem,
  'checked' | 'click' | 'enabled' | 'id' | 'label' | 'visible'
>;
new Tray('') satisfies Pick<
  Electron.Tray,
  'destroy' | 'getTitle' | 'isDestroyed' | 'setTitle' | 'setToolTip'
>;
new Notification({}) satisfies Pick<
  Electron.Notification,
  'body' | 'close' | 'show' | 'silent' | 'title'
>;
Notification satisfies Pick<typeof Electron.Notification, 'isSupported'>;
screen satisfies Pick<Electron.Screen, 'getCursorScreenPoint'>;
screen.getPrimaryDisplay() satisfies Pick<
  Electron.Display,
  'bounds' | 'id' | 'rotation' | 'scaleFactor' | 'size' | 'workArea' | 'workAreaSize'
>;
powerMonitor satisfies Pick<Electron.PowerMonitor, 'getSystemIdleTime' | 'isOnBatteryPower'>;
crashReporter satisfies Pick<Electron.CrashReporter, 'start'>;
globalShortcut satisfies Pick<
  Electron.GlobalShortcut,
  'isRegistered' | 'register' | 'unregister' | 'unregisterAll'
>;

declare const bridge: PreloadBridge;
bridge satisfies Pick<Electron.ContextBridge, 'exposeInMainWorld'>;

/* Listeners: Electron's `on` gives the whole object back, so the emitters are compared as such. */
[
  app,
  window,
  contents,
  ipcMain,
  session.defaultSession,
  nativeTheme,
  new Menu(),
  new Tray(''),
  new Notification(),
  screen,
  powerMonitor,
] satisfies NodeJS.EventEmitter[];

/** Every name that the app can import from the host is one of Electron's. */
type Names = keyof typeof host extends keyof typeof Electron ? true : never;
true satisfies Names;
