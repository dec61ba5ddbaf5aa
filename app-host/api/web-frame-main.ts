/** The part of Electron's WebFrameMain by which an app recognises who sent a message. */
export class WebFrameMain {
  readonly #url: () => string;
  readonly parent = null;
  readonly processId: number;
  readonly routingId = 1;
  readonly frameTreeNodeId: number;

  constructor(id: number, url: () => string) {
    this.processId = id;
    this.frameTreeNodeId = id;
    this.#url = url;
  }

  get url(): string {
    return this.#url();
  }

  /** The scheme and host, also for the app's own schemes, for which `URL` would say "null". */
  get origin(): string {
    return /^[a-z][a-z0-9+.-]*:\/\/[^/?#]*/i.exec(this.#url())?.[0] ?? 'null';
  }

  get top(): this {
    return this;
  }
}
