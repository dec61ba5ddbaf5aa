/** What Berth uses of noVNC 1.7, which ships no types; see its docs/API.md. */
declare module '@novnc/novnc' {
  export type RfbOptions = {
    shared?: boolean;
    credentials?: { username?: string; password?: string; target?: string };
    wsProtocols?: string[];
  };

  export type RfbEvents = {
    connect: CustomEvent<Record<string, never>>;
    disconnect: CustomEvent<{ clean: boolean }>;
    credentialsrequired: CustomEvent<{ types: string[] }>;
    securityfailure: CustomEvent<{ status: number; reason?: string }>;
  };

  export default class RFB {
    /** Puts a canvas into `target` and connects. */
    constructor(target: HTMLElement, url: string, options?: RfbOptions);
    /** Whether the picture is scaled into `target`, whatever size that has. */
    scaleViewport: boolean;
    addEventListener<K extends keyof RfbEvents>(
      type: K,
      listener: (event: RfbEvents[K]) => void,
    ): void;
    disconnect(): void;
  }
}
