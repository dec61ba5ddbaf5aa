import { type IpcMainInvokeEvent, ipcMain, type WebContents } from 'electron';
import { isOwnPage } from './session-security.ts';

/** Whoever answers the requests of one window. Never rejects. */
export interface Peer {
  dispatch(channel: string, args: unknown): Promise<unknown>;
}

/** The only user of ipcMain: listens on the given channels and lets nobody in but the pages of attached windows. */
export class IpcTransport {
  readonly #peers = new Map<number, Peer>();

  constructor(channels: readonly string[]) {
    for (const channel of channels) {
      ipcMain.handle(channel, (event, args: unknown) => this.#receive(event, channel, args));
    }
  }

  /** The window's requests go to `peer` until it is destroyed. */
  attach(contents: WebContents, peer: Peer): void {
    const { id } = contents;
    this.#peers.set(id, peer);
    contents.once('destroyed', () => this.#peers.delete(id));
  }

  #receive(event: IpcMainInvokeEvent, channel: string, args: unknown): Promise<unknown> {
    const frame = event.senderFrame;
    const peer = this.#peers.get(event.sender.id);
    if (peer === undefined || frame === null || frame.parent !== null || !isOwnPage(frame.url)) {
      throw new Error('This page may not ask.');
    }
    return peer.dispatch(channel, args);
  }
}
