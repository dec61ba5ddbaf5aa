import { readFile } from 'node:fs/promises';
import { extname, resolve, sep } from 'node:path';
import { app, protocol, session, type WebContents } from 'electron';

const SCHEME = 'berth';
const HOST = 'app';

const TYPES: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
};

/** Set by `electron-vite dev`: the pages then come from its server. */
const devServer = process.env['ELECTRON_RENDERER_URL'];

/** Origins that Berth's pages have: in Electron, in the Chromium host, which maps the scheme, and while developing. */
export const PAGE_ORIGINS: readonly string[] = [
  `${SCHEME}://${HOST}`,
  `http://${HOST}.${SCHEME}.localhost`,
  ...(devServer === undefined ? [] : [new URL(devServer).origin]),
];

export function pageUrl(page: string, query: Record<string, string> = {}): string {
  const search = new URLSearchParams(query).toString();
  const base = devServer ?? `${SCHEME}://${HOST}`;
  return `${base}/${page}${search === '' ? '' : `?${search}`}`;
}

export function isOwnPage(url: string): boolean {
  return PAGE_ORIGINS.some((origin) => url.startsWith(`${origin}/`));
}

/** Must run before the app is ready. */
export function registerScheme(): void {
  protocol.registerSchemesAsPrivileged([
    { scheme: SCHEME, privileges: { standard: true, secure: true, supportFetchAPI: true } },
  ]);
}

/** Serves the pages, and keeps them from everything that they have no use for. The CSP is in the pages themselves. */
export function secureSession(rendererRoot: string): void {
  protocol.handle(SCHEME, (request) => serve(rendererRoot, request.url));
  const { defaultSession } = session;
  defaultSession.setPermissionRequestHandler((_contents, permission, answer) => {
    answer(permission === 'clipboard-sanitized-write');
  });
  defaultSession.setPermissionCheckHandler(
    (_contents, permission) => permission === 'clipboard-sanitized-write',
  );
  app.on('web-contents-created', (_event, contents) => confine(contents));
}

function confine(contents: WebContents): void {
  contents.setWindowOpenHandler(() => ({ action: 'deny' }));
  contents.on('will-navigate', (event) => {
    if (event.url !== contents.getURL()) event.preventDefault();
  });
  contents.on('will-attach-webview', (event) => event.preventDefault());
}

async function serve(root: string, url: string): Promise<Response> {
  const { host, pathname } = new URL(url);
  const path = resolve(root, `.${decodeURIComponent(pathname)}`);
  if (host !== HOST || !path.startsWith(root + sep)) return new Response(null, { status: 403 });
  try {
    const type = TYPES[extname(path)] ?? 'application/octet-stream';
    return new Response(new Uint8Array(await readFile(path)), {
      headers: { 'content-type': type, 'x-content-type-options': 'nosniff' },
    });
  } catch {
    return new Response(null, { status: 404 });
  }
}
