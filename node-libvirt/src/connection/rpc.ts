import type { Procedure } from '../wire/procedure.ts';
import type { CallOptions } from './call-options.ts';
import type { RpcStream } from './rpc-stream.ts';

/** What handles of libvirt objects need of a connection. */
export interface Rpc {
  call<A, R>(procedure: Procedure<A, R>, args: A, options?: CallOptions): Promise<R>;
  /** For procedures that have a stream. */
  open<A, R>(
    procedure: Procedure<A, R>,
    args: A,
    options?: CallOptions,
  ): Promise<{ result: R; stream: RpcStream }>;
}
