import type { Buffer } from 'node:buffer';
import type { RemoteError } from '../wire/handles.ts';
import type { Procedure } from '../wire/procedure.ts';

/** Thrown by a handler: the error that the client gets. */
export class FakeError extends Error {
  readonly error: RemoteError;

  constructor(code: number, message: string, fields: Partial<RemoteError> = {}) {
    super(message);
    this.error = { ...BLANK, code, message, ...fields };
  }
}

const BLANK: RemoteError = {
  code: 1,
  domain: 0,
  message: null,
  level: 2,
  dom: null,
  str1: null,
  str2: null,
  str3: null,
  int1: 0,
  int2: 0,
  net: null,
};

/** One call as a handler sees it; its stream, when the procedure has one, is used afterwards. */
export interface FakeCall {
  readonly client: FakePeer;
  readonly serial: number;
  readonly stream: FakeStream;
}

/** The daemon's end of a call's stream. */
export interface FakeStream {
  /** Sends bytes; none means end of file. */
  send(data: Uint8Array): void;
  sendHole(length: number): void;
  /** Breaks the stream with an error. */
  fail(error: FakeError): void;
  /** Takes what the client sends from now on; null is its finish, which is confirmed. */
  onData(listener: (data: Buffer | null) => void): void;
  /** Resolves when the client aborts. */
  readonly aborted: Promise<void>;
  /** How many bytes the socket still holds back. */
  readonly backlog: number;
}

/** The client's connection, as the daemon can treat it. */
export interface FakePeer {
  /** Sends bytes as they are: a test can be as wrong as it likes. */
  send(bytes: Uint8Array): void;
  ping(): void;
  drop(): void;
  /** Stops reading, as a daemon that hangs. */
  hang(): void;
}

/** Answers a call: returns the result, or throws FakeError or anything else for an error. */
export type FakeHandler<A, R> = (args: A, call: FakeCall) => R | Promise<R>;

export interface AnyHandler {
  readonly procedure: Procedure<unknown, unknown>;
  handle(args: unknown, call: FakeCall): unknown;
}
