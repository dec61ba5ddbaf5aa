type ProtocolErrorReason =
  | 'packet-too-large'
  | 'bad-length'
  | 'bad-version'
  | 'bad-type'
  | 'bad-status'
  | 'bad-payload'
  | 'unexpected-packet'
  | 'unread-data';

/** The peer, or the caller, broke the rules of libvirt's RPC protocol. */
export class ProtocolError extends Error {
  override readonly name = 'ProtocolError';
  readonly code = 'LIBVIRT_PROTOCOL';
  readonly reason: ProtocolErrorReason;

  constructor(reason: ProtocolErrorReason, message: string, options?: ErrorOptions) {
    super(message, options);
    this.reason = reason;
  }
}
