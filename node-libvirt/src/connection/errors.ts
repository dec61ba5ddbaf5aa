interface ConnectionClosedOptions extends ErrorOptions {
  readonly outcomeUnknown?: boolean;
}

/**
 * The connection is gone. `outcomeUnknown` says whether the call had been sent: the daemon may or
 * may not have carried it out, so look before repeating it.
 */
export class ConnectionClosedError extends Error {
  override readonly name = 'ConnectionClosedError';
  readonly code = 'LIBVIRT_CONNECTION_CLOSED';
  readonly outcomeUnknown: boolean;

  constructor(
    message: string,
    { outcomeUnknown = false, ...options }: ConnectionClosedOptions = {},
  ) {
    super(message, options);
    this.outcomeUnknown = outcomeUnknown;
  }
}

/** No answer in time. The daemon goes on with the call: its outcome is unknown when it was sent. */
export class TimeoutError extends Error {
  override readonly name = 'TimeoutError';
  readonly code = 'LIBVIRT_TIMEOUT';
  readonly timeoutMs: number;
  readonly outcomeUnknown: boolean;

  constructor(what: string, timeoutMs: number, outcomeUnknown: boolean) {
    super(`${what} took longer than ${timeoutMs} ms`);
    this.timeoutMs = timeoutMs;
    this.outcomeUnknown = outcomeUnknown;
  }
}

/** The daemon answers neither calls nor pings: it hangs, or the host is suspended. */
export class KeepaliveError extends Error {
  override readonly name = 'KeepaliveError';
  readonly code = 'LIBVIRT_KEEPALIVE';

  constructor(silentMs: number) {
    super(`the libvirt daemon has not answered for ${Math.round(silentMs / 1000)} s`);
  }
}

/** The daemon does not let this user in. `message` says what a person can do about it. */
export class AuthenticationError extends Error {
  override readonly name = 'AuthenticationError';
  readonly code = 'LIBVIRT_AUTHENTICATION';
}
