/** Where the component library keeps the choice. */
const KEY = 'mantine-color-scheme-value';

/** Puts the scheme's attribute on the page before the first paint, so that it does not flash. */
export function rememberedScheme(): void {
  const stored = localStorage.getItem(KEY);
  const dark =
    stored === 'dark' ||
    (stored !== 'light' && window.matchMedia('(prefers-color-scheme: dark)').matches);
  document.documentElement.setAttribute('data-mantine-color-scheme', dark ? 'dark' : 'light');
}
