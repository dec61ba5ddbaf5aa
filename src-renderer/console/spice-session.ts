export type ScreenSize = { width: number; height: number };

export type SessionEvents = {
  /** A picture is there, or its size changed. */
  onScreen: (canvas: HTMLCanvasElement, size: ScreenSize) => void;
  /** The link failed or ended; called once. */
  onEnd: (reason: string) => void;
};

export type Ticket = { url: string; password: string };

/** Reports the surface's canvas and each of its sizes; the library itself tells nobody. */
function watchCanvas(screen: HTMLElement, onScreen: SessionEvents['onScreen']): () => void {
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
  return () => observer.disconnect();
}

/**
 * One SPICE connection into `screen`, which must have an id and be in the document.
 * @returns stops it; no event comes afterwards.
 */
export async function openSession(
  screen: HTMLElement,
  ticket: Ticket,
  events: SessionEvents,
): Promise<() => void> {
  const { SpiceMainConn } = await import('@spice-project/spice-html5');
  let over = false;
  const unwatch = watchCanvas(screen, events.onScreen);
  const close = (): boolean => {
    if (over) return false;
    over = true;
    unwatch();
    return true;
  };
  const connection = new SpiceMainConn({
    uri: ticket.url,
    password: ticket.password,
    screen_id: screen.id,
    onerror: (error) => {
      if (close()) events.onEnd(error instanceof Error ? error.message : 'The connection ended.');
    },
  });
  return () => {
    close();
    connection.stop();
    screen.replaceChildren();
  };
}
