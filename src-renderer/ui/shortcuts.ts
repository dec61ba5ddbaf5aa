/** Browser shortcuts that would open, close or print the page where Chromium hosts the window. */
const RESERVED = new Set(['n', 't', 'w', 'p', 's', 'o', 'u', 'j', 'h', 'd', 'g', 'l']);

export function preventBrowserShortcuts(): void {
  window.addEventListener('keydown', (event) => {
    const command = event.ctrlKey && !event.altKey && RESERVED.has(event.key.toLowerCase());
    if (command || event.key === 'F5' || event.key === 'F3' || event.key === 'F7') {
      event.preventDefault();
    }
  });
}
