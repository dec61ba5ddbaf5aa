export type TransportErrorReason =
  | 'uri-invalid'
  | 'uri-unsupported'
  | 'socket-missing'
  | 'socket-refused'
  | 'socket-denied'
  | 'socket-failed'
  | 'daemon-missing'
  | 'daemon-failed'
  | 'ssh-failed';

/** The daemon's socket cannot be reached. `message` says what a person can do about it. */
export class TransportError extends Error {
  override readonly name = 'TransportError';
  readonly code = 'LIBVIRT_TRANSPORT';
  readonly reason: TransportErrorReason;

  constructor(reason: TransportErrorReason, message: string, options?: ErrorOptions) {
    super(message, options);
    this.reason = reason;
  }
}
