/*
 * The app's own schemes. Chromium is told of them at build time only, so the host serves `scheme://host/path` as
 * `http://host.scheme.localhost/path`: a secure context with an origin of its own that never reaches the network,
 * because the host answers each request itself.
 */
export type SchemeHandler = (request: Request) => Response | Promise<Response>;

const handlers = new Map<string, SchemeHandler>();
const known = new Set<string>();

export function registerScheme(scheme: string, handler?: SchemeHandler): void {
  known.add(scheme);
  if (handler) handlers.set(scheme, handler);
}

export function unregisterScheme(scheme: string): boolean {
  return handlers.delete(scheme);
}

export function schemeHandler(scheme: string): SchemeHandler | undefined {
  return handlers.get(scheme);
}

/** The URL that Chromium loads for one of the app's. */
export function toChromium(url: string): string {
  const [, scheme = '', host = '', rest = ''] =
    /^([a-z][a-z0-9+.-]*):\/\/([^/?#]*)(.*)$/i.exec(url) ?? [];
  if (!known.has(scheme.toLowerCase())) return url;
  const path = rest.startsWith('/') ? rest : `/${rest}`;
  return `http://${host}.${scheme.toLowerCase()}.localhost${path}`;
}

/** The app's URL for one of Chromium's. */
export function toApp(url: string): string {
  const [, host = '', scheme = '', path] =
    /^http:\/\/([^/?#]+)\.([a-z0-9+-]+)\.localhost([/?#].*)?$/.exec(url) ?? [];
  return known.has(scheme) ? `${scheme}://${host}${path ?? '/'}` : url;
}

/** The scheme that serves a URL of Chromium's, if it is one of the app's. */
export function schemeOf(url: string): string | undefined {
  const appUrl = toApp(url);
  return appUrl === url ? undefined : appUrl.slice(0, appUrl.indexOf(':'));
}
