import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { pathToFileURL } from 'node:url';
import { binding, type FromPage, receiver, type ToPage, worldName } from '../bridge/messages.ts';
import {
  type PreloadProcess,
  type PreloadScript,
  pageWorldSource,
  preloadWorldSource,
} from '../bridge/sources.ts';
import type { CdpSession } from '../chromium/cdp.ts';
import type { RemoteObject } from '../chromium/protocol.ts';
import { headless, underPlaywright } from '../host.ts';
import { electronVersion } from '../startup.ts';

/**
 * The user's closing a window can only be prevented where there are windows; Playwright would answer the question
 * itself.
 */
const guardClose = !headless && !underPlaywright;

/** The wire between the host and the preload world of one page. */
export class PageLink {
  readonly #session: CdpSession;
  readonly #receive: (message: FromPage, document: number) => void;
  #context: number | undefined;
  #outbox: { kind: ToPage[0]; text: string }[] = [];

  constructor(session: CdpSession, receive: (message: FromPage, document: number) => void) {
    this.#session = session;
    this.#receive = receive;
    session.on('Runtime.bindingCalled', (call) => {
      if (call.name === binding) this.#read(call.payload, call.executionContextId);
    });
  }

  /**
   * Puts both worlds' scripts into all documents to come.
   * @param preload path of the app's preload script
   * @throws Error when it cannot be read
   */
  async install(preload: string | undefined): Promise<void> {
    // Read before anything is sent: a preload script that does not exist must not become a page without one.
    const script = preload === undefined ? undefined : await readScript(preload);
    // Per page and unguessable: the page world sees the name of no event that passes between the worlds.
    const secret = `h${randomBytes(12).toString('hex')}`;
    const session = this.#session;
    session.post('Runtime.addBinding', { name: binding, executionContextName: worldName });
    session.post('Page.addScriptToEvaluateOnNewDocument', { source: pageWorldSource(secret) });
    const source = preloadWorldSource(secret, script, preloadProcess(), guardClose);
    await session.send('Page.addScriptToEvaluateOnNewDocument', { source, worldName });
  }

  /**
   * Sends a message; those of one turn travel together and keep their order.
   * @param document the one that it answers: another one has other questions
   */
  post(message: ToPage, document = this.#context): void {
    if (document !== this.#context) return;
    this.#outbox.push({ kind: message[0], text: JSON.stringify(message) });
    if (this.#outbox.length === 1) queueMicrotask(() => this.#flush());
  }

  /** Evaluates an expression in the preload world, out of reach of the page's own script. */
  async evaluate(expression: string, options: { userGesture?: boolean; byValue?: boolean } = {}) {
    if (this.#context === undefined) throw new Error('The page has not been loaded yet');
    const { result, exceptionDetails } = await this.#session.send(
      'Runtime.evaluate',
      {
        expression,
        contextId: this.#context,
        awaitPromise: true,
        returnByValue: options.byValue ?? true,
        userGesture: options.userGesture ?? false,
      },
      0,
    );
    if (exceptionDetails) throw new Error(describeException(exceptionDetails));
    return result;
  }

  #flush(): void {
    const batch = this.#outbox;
    this.#outbox = [];
    // Electron too drops what it sends to a page that is not there.
    if (this.#context === undefined) return;
    this.#session.post('Runtime.evaluate', {
      expression: `${receiver}([${batch.map(({ text }) => text).join()}])`,
      contextId: this.#context,
      silent: true,
    });
  }

  #read(payload: string, context: number): void {
    const message: FromPage = JSON.parse(payload);
    if (message[0] === 'hello') {
      this.#context = context;
      this.#outbox = this.#outbox.filter(({ kind }) => kind !== 'reply');
    }
    // A document that is being replaced may still speak; its answers would go to the next one.
    if (context === this.#context) this.#receive(message, context);
  }
}

export function describeException(details: { text: string; exception?: RemoteObject }): string {
  return details.exception?.description ?? String(details.exception?.value ?? details.text);
}

async function readScript(path: string): Promise<PreloadScript> {
  return { text: await readFile(path, 'utf8'), url: pathToFileURL(path).href };
}

function preloadProcess(): PreloadProcess {
  const { electron = electronVersion, chrome = '', node } = process.versions;
  return {
    platform: process.platform,
    arch: process.arch,
    type: 'renderer',
    sandboxed: true,
    contextIsolated: true,
    versions: { electron, chrome, node },
    env: {},
    argv: [],
  };
}
