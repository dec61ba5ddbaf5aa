import type { CdpSession } from '../chromium/cdp.ts';
import type { PausedRequest } from '../chromium/protocol.ts';
import { schemeHandler, schemeOf, toApp } from './schemes.ts';

/**
 * Sees the requests of one page that concern the host: it answers those for the app's schemes, and asks before the
 * page navigates by itself.
 */
export class PageRequests {
  readonly #session: CdpSession;
  readonly #mainFrame: string;
  /** False keeps the page where it is. */
  readonly #mayNavigate: (url: string) => boolean;
  readonly #allowed = new Set<string>();

  constructor(session: CdpSession, mainFrame: string, mayNavigate: (url: string) => boolean) {
    this.#session = session;
    this.#mainFrame = mainFrame;
    this.#mayNavigate = mayNavigate;
    session.on('Fetch.requestPaused', (paused) => void this.#decide(paused));
  }

  enable(): void {
    const patterns = [
      { urlPattern: 'http://*.localhost/*' },
      { urlPattern: '*', resourceType: 'Document' },
    ];
    this.#session.post('Fetch.enable', { patterns });
  }

  /** The host itself navigates there: nobody is asked. */
  allow(url: string): void {
    this.#allowed.add(withoutFragment(url));
  }

  /** That navigation is over. */
  forget(url: string): void {
    this.#allowed.delete(withoutFragment(url));
  }

  async #decide(paused: PausedRequest): Promise<void> {
    const { requestId, request } = paused;
    if (!this.#isAllowed(paused)) {
      this.#session.post('Fetch.failRequest', { requestId, errorReason: 'Aborted' });
      return;
    }
    const scheme = schemeOf(request.url);
    if (scheme === undefined) this.#session.post('Fetch.continueRequest', { requestId });
    else this.#session.post('Fetch.fulfillRequest', await answer(paused, scheme));
  }

  #isAllowed({ frameId, resourceType, request }: PausedRequest): boolean {
    if (resourceType !== 'Document' || frameId !== this.#mainFrame) return true;
    if (this.#allowed.has(withoutFragment(request.url))) return true;
    return this.#mayNavigate(toApp(request.url + (request.urlFragment ?? '')));
  }
}

async function answer(paused: PausedRequest, scheme: string) {
  const { requestId } = paused;
  try {
    const handler = schemeHandler(scheme);
    if (!handler) throw new Error(`Nothing handles ${scheme}:`);
    const response = await handler(toRequest(paused));
    const body = Buffer.from(await response.arrayBuffer()).toString('base64');
    const responseHeaders = Array.from(response.headers, ([name, value]) => ({ name, value }));
    return { requestId, responseCode: response.status, responseHeaders, body };
  } catch (error) {
    console.error(`The handler of ${toApp(paused.request.url)} failed:`, error);
    return { requestId, responseCode: 500, responseHeaders: [], body: '' };
  }
}

function toRequest({ request }: PausedRequest): Request {
  const parts = request.postDataEntries?.map(({ bytes }) => Buffer.from(bytes ?? '', 'base64'));
  const { method, headers } = request;
  return new Request(toApp(request.url), {
    method,
    headers,
    ...(parts && method !== 'GET' && method !== 'HEAD' ? { body: Buffer.concat(parts) } : {}),
  });
}

function withoutFragment(url: string): string {
  const at = url.indexOf('#');
  return at < 0 ? url : url.slice(0, at);
}
