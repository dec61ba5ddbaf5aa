import { EventEmitter } from 'node:events';
import { net } from './net.ts';
import { protocol } from './protocol.ts';

type PermissionRequestHandler = (
  contents: never,
  permission: never,
  callback: (granted: boolean) => void,
  details: never,
) => void;

/** Electron's name of each permission that Chromium can be told of, and Chromium's own. */
const permissions = [
  ['clipboard-read', 'clipboardReadWrite'],
  ['clipboard-sanitized-write', 'clipboardSanitizedWrite'],
  ['geolocation', 'geolocation'],
  ['notifications', 'notifications'],
] as const;

/** Electron's `Session`: there is one, the profile of the running Chromium. */
class Session extends EventEmitter {
  readonly protocol = protocol;
  readonly webRequest = new WebRequest();
  #requestHandler: PermissionRequestHandler | null = null;

  setPermissionRequestHandler(handler: PermissionRequestHandler | null): void {
    this.#requestHandler = handler;
  }

  /** Chromium decides for itself by what has been granted. */
  setPermissionCheckHandler(_handler: unknown): void {}
  setDevicePermissionHandler(_handler: unknown): void {}
  setCertificateVerifyProc(_handler: unknown): void {}
  setSpellCheckerEnabled(_enabled: boolean): void {}

  async clearCache(): Promise<void> {}
  async clearStorageData(): Promise<void> {}
  async setProxy(_config: object): Promise<void> {}

  fetch(input: string | Request, init?: RequestInit): Promise<Response> {
    return net.fetch(input, init);
  }

  /**
   * Chromium's names of what a page may do. The app's handler is asked beforehand, not when the page asks; without
   * a handler everything is granted, as in Electron.
   */
  grantedPermissions(contents: object): string[] {
    const granted: string[] = [];
    const handler = this.#requestHandler as
      | ((contents: object, name: string, callback: (ok: boolean) => void, details: object) => void)
      | null;
    for (const [name, chromiumName] of permissions) {
      let ok = handler === null;
      const answer = (answered: boolean) => {
        ok = answered;
      };
      handler?.(contents, name, answer, { isMainFrame: true, requestingUrl: '' });
      if (ok) granted.push(chromiumName);
    }
    return granted;
  }
}

/** The host sends pages' requests out unchanged: filters are accepted and never called. */
class WebRequest {
  onBeforeRequest(..._args: unknown[]): void {}
  onBeforeSendHeaders(..._args: unknown[]): void {}
  onHeadersReceived(..._args: unknown[]): void {}
  onCompleted(..._args: unknown[]): void {}
  onErrorOccurred(..._args: unknown[]): void {}
}

const defaultSession = new Session();

/** Electron's `session`. */
export const session = {
  defaultSession,
  fromPartition(_partition: string): Session {
    return defaultSession;
  },
};
