import { dirname } from 'node:path';
import { HostError } from '../host-error.ts';
import { BrowserWindow } from './browser-window.ts';
import { askDesktop, type FileDialogOptions } from './desktop-dialog.ts';
import {
  chooseFilesInPage,
  type FileQuestion,
  type MessageBoxText,
  showBoxInPage,
} from './dialog-pages.ts';

interface MessageBoxOptions {
  message: string;
  type?: string;
  title?: string;
  detail?: string;
  buttons?: string[];
  defaultId?: number;
  cancelId?: number;
  checkboxLabel?: string;
  checkboxChecked?: boolean;
}

interface MessageBoxResult {
  response: number;
  checkboxChecked: boolean;
}

/** Electron's dialogs take the parent window first, or leave it out. */
type Args<O> = [options?: O] | [window: object | undefined, options?: O];

/** Electron's `dialog`. A plain object, so that a test can put its own functions in. */
export const dialog = {
  /** @throws HostError `dialog_unavailable` without a window */
  async showOpenDialog(...args: Args<FileDialogOptions>) {
    const { window, options } = sortArguments(args);
    const folder = options.properties?.includes('openDirectory') ?? false;
    const paths =
      (await askDesktop(folder ? 'folder' : 'open', options)) ??
      (await askPage(window, options, folder));
    return { canceled: paths.length === 0, filePaths: paths };
  },

  /** @throws HostError `dialog_unavailable`: a browser has no dialog that only names a file */
  async showSaveDialog(...args: Args<FileDialogOptions>) {
    const { options } = sortArguments(args);
    const paths = await askDesktop('save', options);
    if (!paths)
      throw new HostError('dialog_unavailable', 'A save dialog needs the program "zenity"');
    return { canceled: paths.length === 0, filePath: paths[0] ?? '' };
  },

  /** A box over the window's page. Without a window nobody can be asked: the answer is the cancel button. */
  async showMessageBox(...args: Args<MessageBoxOptions>): Promise<MessageBoxResult> {
    const { window, options } = sortArguments(args);
    const box = boxText(options);
    if (!window) {
      console.error([box.title, box.message, box.detail].filter(Boolean).join('\n'));
      return { response: box.cancelId, checkboxChecked: box.checkboxChecked };
    }
    const expression = `(${showBoxInPage})(${JSON.stringify(box)})`;
    const { result } = await window.webContents.evaluateInPreload(expression);
    return parseAnswer(result.value) ?? { response: box.cancelId, checkboxChecked: false };
  },

  showErrorBox(title: string, content: string): void {
    console.error(`${title}\n${content}`);
    if (!BrowserWindow.current()) return;
    dialog.showMessageBox({ title, message: content }).catch((error: unknown) => {
      console.error('The error box could not be shown:', error);
    });
  },
};

function sortArguments<O extends object>(
  args: Args<O>,
): { window: BrowserWindow | undefined; options: Partial<O> } {
  const [first, second] = args;
  const window = first instanceof BrowserWindow ? first : undefined;
  const options = (window || first === undefined ? second : first) ?? {};
  return { window: window ?? BrowserWindow.current(), options: options as Partial<O> };
}

function boxText(options: Partial<MessageBoxOptions>): MessageBoxText {
  const buttons = options.buttons?.length ? options.buttons : ['OK'];
  const named = buttons.findIndex((text) => /^(cancel|no)$/i.test(text));
  return {
    title: options.title ?? '',
    message: options.message ?? '',
    detail: options.detail ?? '',
    buttons,
    defaultId: options.defaultId ?? 0,
    cancelId: options.cancelId ?? Math.max(named, 0),
    checkboxLabel: options.checkboxLabel ?? '',
    checkboxChecked: options.checkboxChecked ?? false,
  };
}

function parseAnswer(value: unknown): MessageBoxResult | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  if (!('response' in value) || !('checkboxChecked' in value)) return undefined;
  return { response: Number(value.response), checkboxChecked: value.checkboxChecked === true };
}

async function askPage(
  window: BrowserWindow | undefined,
  options: Partial<FileDialogOptions>,
  folder: boolean,
): Promise<string[]> {
  if (!window) throw new HostError('dialog_unavailable', 'A file dialog needs a window');
  const extensions = options.filters?.flatMap((filter) => filter.extensions) ?? [];
  const question: FileQuestion = {
    multiple: options.properties?.includes('multiSelections') ?? false,
    folder,
    accept: extensions.includes('*') ? '' : extensions.map((extension) => `.${extension}`).join(),
  };
  const expression = `(${chooseFilesInPage})(${JSON.stringify(question)})`;
  const { session, result } = await window.webContents.evaluateInPreload(expression, {
    userGesture: true,
    byValue: false,
  });
  const paths: string[] = [];
  for (let index = 0; ; index += 1) {
    const file = await session.send('Runtime.callFunctionOn', {
      objectId: result.objectId ?? '',
      functionDeclaration: `function () { return this[${index}]; }`,
    });
    if (!file.result.objectId) break;
    const { path } = await session.send('DOM.getFileInfo', { objectId: file.result.objectId });
    paths.push(folder ? dirname(path) : path);
    // A folder is told by its files, and one of them is enough.
    if (folder) break;
  }
  session.post('Runtime.releaseObject', { objectId: result.objectId ?? '' });
  return paths;
}
