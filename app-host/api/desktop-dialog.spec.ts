import { describe, expect, it } from 'vitest';
import { zenityArguments } from './desktop-dialog.ts';

describe("the desktop's dialog", () => {
  it('passes filters to zenity', () => {
    const filters = [
      { name: 'Images', extensions: ['iso', 'img'] },
      { name: 'All', extensions: ['*'] },
    ];
    expect(zenityArguments('open', { title: 'T', filters })).toEqual([
      '--file-selection',
      '--separator=\n',
      '--title=T',
      '--file-filter=Images | *.iso *.img',
      '--file-filter=All | *',
    ]);
  });
});
