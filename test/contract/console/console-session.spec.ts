import { PassThrough } from 'node:stream';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import {
  ConsoleSession,
  SESSION_LIMITS,
} from '../../../src-main/adapters/console/console-session.ts';

const ORIGIN = 'berth://app';

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
});
afterEach(() => {
  vi.useRealTimers();
});

function open() {
  const onEnd = vi.fn();
  const session = new ConsoleSession({
    target: { kind: 'unix', path: '/x' },
    allowedOrigins: [ORIGIN],
    limits: SESSION_LIMITS,
    onEnd,
  });
  const admit = (origin: string | undefined = ORIGIN) => {
    const socket = new PassThrough();
    const close = vi.fn();
    return { socket, close, admitted: session.admit(origin, socket, close) };
  };
  return { session, onEnd, admit };
}

describe('a console session', () => {
  it('waits 30 s for its first connection', () => {
    const { onEnd, admit } = open();
    vi.advanceTimersByTime(29_999);
    expect(onEnd).not.toHaveBeenCalled();
    vi.advanceTimersByTime(1);
    expect(onEnd).toHaveBeenCalledTimes(1);
    expect(admit().admitted).toBe(false);
  });

  it('is not used up or kept alive by the wrong origin', () => {
    const { onEnd, admit } = open();
    expect(admit('https://evil.example').admitted).toBe(false);
    vi.advanceTimersByTime(30_000);
    expect(onEnd).toHaveBeenCalledTimes(1);
  });

  it('stays while any connection is open, and ends 5 s after the last one', () => {
    const { onEnd, admit } = open();
    const first = admit();
    const second = admit();
    vi.advanceTimersByTime(3_600_000);
    first.socket.emit('close');
    vi.advanceTimersByTime(3_600_000);
    expect(onEnd).not.toHaveBeenCalled();
    second.socket.emit('close');
    vi.advanceTimersByTime(4999);
    const third = admit();
    expect(third.admitted).toBe(true);
    vi.advanceTimersByTime(60_000);
    expect(onEnd).not.toHaveBeenCalled();
    third.socket.emit('close');
    vi.advanceTimersByTime(5000);
    expect(onEnd).toHaveBeenCalledTimes(1);
    expect(admit().admitted).toBe(false);
  });

  it('admits twelve connections in all, those that have closed included', () => {
    const { admit } = open();
    const admitted = Array.from({ length: 13 }, () => {
      const connection = admit();
      if (connection.admitted) connection.socket.emit('close');
      return connection.admitted;
    });
    expect(admitted).toEqual([...Array.from({ length: 12 }, () => true), false]);
  });

  it('closes what is open when it is ended, once', () => {
    const { session, onEnd, admit } = open();
    const gone = admit();
    const still = admit();
    gone.socket.emit('close');
    session.end();
    session.end();
    expect(gone.close).not.toHaveBeenCalled();
    expect(still.close).toHaveBeenCalledTimes(1);
    expect(onEnd).toHaveBeenCalledTimes(1);
    still.socket.emit('close');
    vi.advanceTimersByTime(60_000);
    expect(onEnd).toHaveBeenCalledTimes(1);
  });
});
