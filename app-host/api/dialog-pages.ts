/* What the host's dialogs do in a page's preload world. The functions are injected as source text. */

export interface MessageBoxText {
  title: string;
  message: string;
  detail: string;
  buttons: string[];
  defaultId: number;
  cancelId: number;
  checkboxLabel: string;
  checkboxChecked: boolean;
}

/** Shows a modal message box over the page; gives the button's index and the check box. */
export function showBoxInPage(
  box: MessageBoxText,
): Promise<{ response: number; checkboxChecked: boolean }> {
  const host = document.createElement('div');
  const dialog = document.createElement('dialog');
  const add = (parent: Element, tag: string, text: string) => {
    const element = parent.appendChild(document.createElement(tag));
    element.textContent = text;
    return element;
  };
  dialog.setAttribute('role', 'alertdialog');
  dialog.style.cssText =
    'color-scheme: light dark; max-width: 32rem; padding: 1.25rem; font: 14px system-ui';
  if (box.title)
    add(dialog, 'h1', box.title).setAttribute('style', 'font-size: 1rem; margin: 0 0 .5rem');
  add(dialog, 'p', box.message).setAttribute('style', 'white-space: pre-wrap; margin: 0 0 .5rem');
  if (box.detail)
    add(dialog, 'p', box.detail).setAttribute('style', 'white-space: pre-wrap; opacity: .75');
  const check = document.createElement('input');
  check.type = 'checkbox';
  check.checked = box.checkboxChecked;
  if (box.checkboxLabel) {
    const label = dialog.appendChild(document.createElement('label'));
    label.append(check, box.checkboxLabel);
  }
  const row = dialog.appendChild(document.createElement('div'));
  row.style.cssText = 'display: flex; gap: .5rem; justify-content: flex-end; margin-top: 1rem';
  host.attachShadow({ mode: 'open' }).append(dialog);
  document.documentElement.append(host);
  return new Promise((resolve) => {
    const close = (response: number) => {
      host.remove();
      resolve({ response, checkboxChecked: check.checked });
    };
    box.buttons.forEach((text, index) => {
      const button = add(row, 'button', text) as HTMLButtonElement;
      button.autofocus = index === box.defaultId;
      button.addEventListener('click', () => close(index));
    });
    dialog.addEventListener('cancel', () => close(box.cancelId));
    dialog.showModal();
  });
}

export interface FileQuestion {
  multiple: boolean;
  folder: boolean;
  /** Such as `.iso,.img`; empty for all files. */
  accept: string;
}

/** Opens the browser's file chooser and gives the chosen files; only the browser knows their real paths. */
export function chooseFilesInPage(question: FileQuestion): Promise<File[]> {
  const input = document.createElement('input');
  input.type = 'file';
  input.multiple = question.multiple;
  input.webkitdirectory = question.folder;
  input.accept = question.accept;
  return new Promise((resolve) => {
    input.addEventListener('change', () => resolve([...(input.files ?? [])]));
    input.addEventListener('cancel', () => resolve([]));
    input.click();
  });
}
