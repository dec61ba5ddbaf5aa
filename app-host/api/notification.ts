import { EventEmitter } from 'node:events';

interface NotificationOptions {
  title?: string;
  body?: string;
  silent?: boolean;
}

/** Electron's `Notification`: not supported, and it says so; the last ones are kept for a test to look at. */
export class Notification extends EventEmitter {
  static readonly shown: Notification[] = [];
  title: string;
  body: string;
  silent: boolean;

  constructor(options: NotificationOptions = {}) {
    super();
    this.title = options.title ?? '';
    this.body = options.body ?? '';
    this.silent = options.silent ?? false;
  }

  static isSupported(): boolean {
    return false;
  }

  show(): void {
    const { shown } = Notification;
    shown.push(this);
    if (shown.length > 100) shown.shift();
    this.emit('show', {});
  }

  close(): void {
    this.emit('close', {});
  }
}
