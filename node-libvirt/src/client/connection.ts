import type { RpcConnection } from '../connection/rpc-connection.ts';
import { EventCalls } from './event-calls.ts';

/** A connection to a libvirt daemon; made by `connect`. */
export class Connection extends EventCalls {
  /** The URI it was opened with. */
  readonly uri: string;

  constructor(rpc: RpcConnection, uri: string) {
    super(rpc);
    this.uri = uri;
  }

  /** Whether calls can be made just now. */
  get isAlive(): boolean {
    return this.rpc.isAlive;
  }

  /** Resolves when the connection is over for good: null after {@link close}, else the reason. */
  get closed(): Promise<Error | null> {
    return this.rpc.closed;
  }

  /** Like {@link closed}, as a callback. Returns the function that takes it away again. */
  onClose(listener: (reason: Error | null) => void): () => void {
    let wanted = true;
    void this.closed.then((reason) => wanted && listener(reason));
    return () => {
      wanted = false;
    };
  }

  /** The daemon is gone; with `reconnect` attempts to get back begin now. */
  onDisconnected(listener: (reason: Error) => void): () => boolean {
    return this.rpc.disconnected.add(listener);
  }

  /** Back again, events asked for again. What happened meanwhile was missed: list again. */
  onReconnected(listener: () => void): () => boolean {
    return this.rpc.reconnected.add(listener);
  }

  /** Ends the connection; calls and streams under way fail. Safe to call more than once. */
  close(): Promise<void> {
    return this.rpc.close();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}
