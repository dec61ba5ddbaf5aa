import type { Json } from './codec.ts';

/** From the page's preload world to the host, as JSON text through the `__hostSend` binding. */
export type FromPage =
  | ['hello', { dark: boolean; focused: boolean }]
  | ['invoke', id: number, channel: string, args: Json]
  | ['send', channel: string, args: Json]
  | ['focus', boolean]
  | ['dark', boolean]
  | ['bounds', x: number, y: number, width: number, height: number]
  | ['key', KeyInput];

/** From the host to the page's preload world, through `__hostReceive`, in batches. */
export type ToPage =
  | ['reply', id: number, ok: boolean, value: Json]
  | ['event', channel: string, args: Json]
  | ['keys', wanted: boolean];

/** The fields of Electron's `Input` that a KeyboardEvent can fill. */
export interface KeyInput {
  type: 'keyDown' | 'keyUp';
  key: string;
  code: string;
  isAutoRepeat: boolean;
  isComposing: boolean;
  shift: boolean;
  control: boolean;
  alt: boolean;
  meta: boolean;
  location: number;
}

export const binding = '__hostSend';
export const receiver = '__hostReceive';
export const worldName = 'electron-preload';
