import { describe, expect, it } from 'vitest';
import { registerScheme, schemeOf, toApp, toChromium } from './schemes.ts';

describe('schemes', () => {
  it('map to an origin of their own and back', () => {
    registerScheme('berth');
    expect(toChromium('berth://app/a?b#c')).toBe('http://app.berth.localhost/a?b#c');
    expect(toChromium('berth://app')).toBe('http://app.berth.localhost/');
    expect(toChromium('BERTH://app?q')).toBe('http://app.berth.localhost/?q');
    expect(toApp('http://app.berth.localhost/a#c')).toBe('berth://app/a#c');
    expect(schemeOf('http://app.berth.localhost/')).toBe('berth');
  });

  it.each([
    'http://localhost:5173/',
    'http://app.other.localhost/',
    'http://app.berth.localhost.example.com/',
    'https://app.berth.localhost/',
    'http://user@app.berth.localhost:81/',
  ])('leave %s alone', (url) => {
    registerScheme('berth');
    expect(toChromium(url)).toBe(url);
    expect(toApp(url)).toBe(url);
  });
});
