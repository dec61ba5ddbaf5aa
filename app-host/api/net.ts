import { readFile } from 'node:fs/promises';
import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { schemeHandler } from './schemes.ts';

const contentTypes: Record<string, string> = {
  '.css': 'text/css',
  '.gif': 'image/gif',
  '.html': 'text/html',
  '.ico': 'image/x-icon',
  '.jpeg': 'image/jpeg',
  '.jpg': 'image/jpeg',
  '.js': 'text/javascript',
  '.json': 'application/json',
  '.map': 'application/json',
  '.mjs': 'text/javascript',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.txt': 'text/plain',
  '.wasm': 'application/wasm',
  '.webp': 'image/webp',
  '.woff': 'font/woff',
  '.woff2': 'font/woff2',
};

/** Electron's `net`, as far as a local app uses it. */
export const net = {
  /**
   * `fetch` that also knows file URLs and the app's own schemes.
   * @throws Error(`net::ERR_FILE_NOT_FOUND`) as Electron does
   */
  async fetch(input: string | Request, init?: RequestInit): Promise<Response> {
    const url = typeof input === 'string' ? input : input.url;
    const scheme = url.slice(0, url.indexOf(':'));
    if (scheme === 'file') return fetchFile(url);
    const handler = schemeHandler(scheme);
    return handler ? handler(new Request(input, init)) : fetch(input, init);
  },

  isOnline(): boolean {
    return true;
  },
};

async function fetchFile(url: string): Promise<Response> {
  const path = fileURLToPath(url);
  try {
    const content = await readFile(path);
    const type = contentTypes[extname(path).toLowerCase()] ?? 'application/octet-stream';
    return new Response(content, {
      headers: { 'content-type': type, 'content-length': String(content.byteLength) },
    });
  } catch (cause) {
    throw new Error('net::ERR_FILE_NOT_FOUND', { cause });
  }
}
