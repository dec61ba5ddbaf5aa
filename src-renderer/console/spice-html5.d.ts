/** What Berth uses of spice-html5 0.2.1, which ships no types; read from its src/main.js. */
declare module '@spice-project/spice-html5' {
  export type SpiceOptions = {
    /** WebSocket that relays to the server; opened once for each channel. */
    uri: string;
    /** Empty when there is none: a missing one is sent as the word `undefined`. */
    password: string;
    /** Id of the element that gets a canvas for each surface. */
    screen_id: string;
    onerror?: (error: unknown) => void;
    /** The main channel is linked and the password was right. */
    onsuccess?: () => void;
  };

  export class SpiceMainConn {
    constructor(options: SpiceOptions);
    /** Closes all channels and removes the canvases. */
    stop(): void;
  }
}
