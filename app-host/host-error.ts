/** What can go wrong in the host itself, as opposed to the app that it runs. */
export type HostErrorCode =
  | 'app_not_found'
  | 'chromium_not_found'
  | 'chromium_failed'
  | 'dialog_unavailable'
  | 'key_file_invalid'
  | 'not_supported';

export class HostError extends Error {
  readonly code: HostErrorCode;

  constructor(code: HostErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'HostError';
    this.code = code;
  }
}
