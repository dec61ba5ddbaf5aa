import { connect, type Socket } from 'node:net';
import type { RawData, WebSocket } from 'ws';
import type { Log } from '../../core/ports/system.ts';
import type { ConsoleTarget } from './console-session.ts';

/** Bytes towards the browser that may wait before the display is held back. */
const BUFFER_HIGH = 1024 * 1024;
const BUFFER_LOW = BUFFER_HIGH / 4;
const CONNECT_TIMEOUT_MS = 5000;
const CLOSE_TIMEOUT_MS = 2000;

/** Close codes of RFC 6455, section 7.4.1. */
const NORMAL = 1000;
const GOING_AWAY = 1001;
const UNSUPPORTED_DATA = 1003;
const INTERNAL_ERROR = 1011;

/**
 * Carries bytes between a WebSocket and a display until either side ends. A side that does not read holds
 * the other one back, so that no more than about BUFFER_HIGH and one message wait in memory.
 *
 * @returns a function that ends both.
 */
export function bridge(webSocket: WebSocket, target: ConsoleTarget, log: Log): () => void {
  const display = target.kind === 'unix' ? connect(target.path) : connect(target.port, target.host);
  display.setNoDelay(true);
  display.setTimeout(CONNECT_TIMEOUT_MS, () =>
    display.destroy(new Error('connecting took too long')),
  );
  let connected = false;
  webSocket.pause();
  display.once('connect', () => {
    connected = true;
    display.setTimeout(0);
    webSocket.resume();
  });
  display.once('error', (error) => {
    if (!connected) log.warn('a display cannot be reached', { error: error.message });
    close(webSocket, INTERNAL_ERROR, connected ? 'display failed' : 'display unreachable');
  });
  display.once('end', () => close(webSocket, NORMAL, 'display closed'));
  display.once('close', () => close(webSocket, NORMAL, 'display closed'));

  toBrowser(display, webSocket);
  toDisplay(webSocket, display);
  webSocket.on('error', (error) => log.warn('a console sent nonsense', { error: error.message }));
  webSocket.once('close', () => display.destroy());
  return () => {
    close(webSocket, GOING_AWAY, '');
    display.destroy();
  };
}

function toBrowser(display: Socket, webSocket: WebSocket): void {
  display.on('data', (chunk) => {
    webSocket.send(chunk, () => {
      if (display.isPaused() && webSocket.bufferedAmount < BUFFER_LOW) display.resume();
    });
    if (webSocket.bufferedAmount > BUFFER_HIGH) display.pause();
  });
}

function toDisplay(webSocket: WebSocket, display: Socket): void {
  webSocket.on('message', (data, isBinary) => {
    if (!isBinary) {
      close(webSocket, UNSUPPORTED_DATA, 'binary only');
      return;
    }
    if (!display.write(toBuffer(data)) && !display.destroyed) webSocket.pause();
  });
  display.on('drain', () => webSocket.resume());
}

function toBuffer(data: RawData): Uint8Array {
  if (Array.isArray(data)) return Buffer.concat(data);
  return data instanceof ArrayBuffer ? new Uint8Array(data) : data;
}

/** Closes with what is still queued sent first; a browser that does not answer is cut off. */
function close(webSocket: WebSocket, code: number, reason: string): void {
  if (webSocket.readyState !== webSocket.OPEN) return;
  // A paused WebSocket would never see the answer to its closing handshake.
  webSocket.resume();
  webSocket.close(code, reason);
  const timer = setTimeout(() => webSocket.terminate(), CLOSE_TIMEOUT_MS);
  timer.unref();
  webSocket.once('close', () => clearTimeout(timer));
}
