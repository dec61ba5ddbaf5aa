/** Stable codes of everything that can go wrong while media are checked or built. */
export type MediaErrorCode =
  | 'tryout_no_kernel'
  | 'tryout_no_busybox'
  | 'tryout_module_unreadable'
  | 'image_unreadable'
  | 'image_empty'
  | 'image_unrecognised'
  | 'image_unsupported_format'
  | 'image_malformed'
  | 'image_backing_file'
  | 'image_encrypted'
  | 'iso_invalid_name'
  | 'iso_too_large'
  | 'iso_malformed'
  | 'seed_invalid_input'
  | 'password_invalid'
  | 'cancelled';

/** An expected failure of a medium: what is wrong (`message`), and what a person can do (`hint`). */
export class MediaError extends Error {
  override readonly name = 'MediaError';
  readonly code: MediaErrorCode;
  readonly hint: string;

  constructor(code: MediaErrorCode, message: string, hint = '', options?: ErrorOptions) {
    super(message, options);
    this.code = code;
    this.hint = hint;
  }
}

/** Throws `cancelled` when the signal has fired. */
export function throwIfCancelled(signal: AbortSignal | undefined): void {
  if (signal?.aborted) {
    throw new MediaError('cancelled', 'The work was cancelled.', '', { cause: signal.reason });
  }
}
