import { describe, expect, it } from 'vitest';
import type { Bounds } from '../chromium/protocol.ts';
import { WindowState } from './window-state.ts';

describe('a window', () => {
  const record = (initial = {}) => {
    const applied: Bounds[] = [];
    return { applied, state: new WindowState(initial, (bounds) => applied.push(bounds)) };
  };

  it('opens at its size, and at its place when it has one', () => {
    const one = record({ width: 10, height: 20, minWidth: 15 });
    one.state.open();
    expect(one.applied).toEqual([{ width: 15, height: 20 }]);
    const two = record({ x: 1, y: 2, fullscreen: true });
    two.state.open();
    expect(two.applied).toEqual([
      { left: 1, top: 2, width: 800, height: 600 },
      { windowState: 'fullscreen' },
    ]);
  });

  it('passes through normal between special states', () => {
    const { applied, state } = record();
    state.set('maximized');
    state.set('fullscreen');
    state.hide();
    expect(state.visible).toBe(false);
    state.set('normal');
    const states = applied.map(({ windowState }) => windowState);
    expect(states).toEqual(['maximized', 'normal', 'fullscreen', 'normal', 'minimized', 'normal']);
  });

  it('grows back to its minimum', () => {
    const { applied, state } = record({ minWidth: 300, minHeight: 200 });
    expect(state.seen({ x: 5, y: 6, width: 100, height: 250 })).toBe(true);
    expect(applied).toEqual([{ width: 300, height: 250 }]);
    expect(state.seen({ x: 5, y: 6, width: 300, height: 250 })).toBe(false);
  });
});
