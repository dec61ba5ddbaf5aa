import type { ErrorData, Fix } from '../../src-contract/model/error.ts';
import type { Stage } from '../../src-contract/model/stage.ts';

export interface BerthErrorOptions {
  stage?: Stage;
  hint?: string;
  fix?: Fix;
  /** Whether the same request may succeed later without a change. Default false. */
  retryable?: boolean;
  cause?: unknown;
}

/** An expected failure with a stable code. Adapters translate every vendor error to one at their edge. */
export class BerthError extends Error {
  readonly code: string;
  readonly hint: string | undefined;
  readonly fix: Fix | undefined;
  readonly retryable: boolean;
  stage: Stage | undefined;

  constructor(code: string, message: string, options: BerthErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'BerthError';
    this.code = code;
    this.stage = options.stage;
    this.hint = options.hint;
    this.fix = options.fix;
    this.retryable = options.retryable ?? false;
  }

  toData(): ErrorData {
    const cause = this.cause instanceof Error ? this.cause.message : undefined;
    return {
      code: this.code,
      message: this.message,
      retryable: this.retryable,
      ...(this.stage && { stage: this.stage }),
      ...(cause && cause !== this.message && { cause }),
      ...(this.hint && { hint: this.hint }),
      ...(this.fix && { fix: this.fix }),
    };
  }
}

/** Raised through abort signals when a person cancels. */
export class CancelledError extends BerthError {
  constructor() {
    super('cancelled', 'Cancelled');
    this.name = 'CancelledError';
  }
}

/** Anything thrown as an expected failure; what is not one becomes `internal_error` and keeps its cause. */
export function toBerthError(error: unknown): BerthError {
  if (error instanceof BerthError) return error;
  const message = error instanceof Error ? error.message : String(error);
  return new BerthError('internal_error', `Something unexpected happened: ${message}`, {
    cause: error,
    hint: 'The log has the details.',
  });
}

export function assertNever(value: never): never {
  throw new Error(`unexpected value ${JSON.stringify(value)}`);
}
