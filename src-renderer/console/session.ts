export type ScreenSize = { width: number; height: number };

export type SessionEvents = {
  /** A picture is there, or its size changed. */
  onScreen: (canvas: HTMLCanvasElement, size: ScreenSize) => void;
  /** The link failed or ended; called once. */
  onEnd: (reason: string) => void;
};

export type Ticket = { url: string; password: string };

export type Protocol = 'spice' | 'vnc';

/**
 * One connection into `screen`, which must have an id and be in the document.
 * @returns stops it; no event comes afterwards.
 */
export type OpenSession = (
  screen: HTMLElement,
  ticket: Ticket,
  events: SessionEvents,
) => Promise<() => void>;

/** Reports the surface's canvas and each of its sizes; the libraries themselves tell nobody. */
export function watchCanvas(screen: HTMLElement, onScreen: SessionEvents['onScreen']): () => void {
  let last = '';
  const look = () => {
    const canvas = screen.querySelector('canvas');
    if (!canvas) return;
    const size = `${canvas.id} ${canvas.width}x${canvas.height}`;
    if (size === last) return;
    last = size;
    onScreen(canvas, { width: canvas.width, height: canvas.height });
  };
  const observer = new MutationObserver(look);
  observer.observe(screen, {
    childList: true,
    subtree: true,
    attributes: true,
    attributeFilter: ['width', 'height'],
  });
  look();
  return () => observer.disconnect();
}
