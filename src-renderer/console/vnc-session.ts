import RFB from '@novnc/novnc';
import { type OpenSession, watchCanvas } from './session.ts';

/** VNC (RFC 6143); resolves at once, whatever becomes of the link. */
export const openVnc: OpenSession = async (screen, ticket, events) => {
  let over = false;
  let disconnected = false;
  let unwatch = (): void => undefined;
  const rfb = new RFB(screen, ticket.url, {
    shared: true,
    credentials: { password: ticket.password },
    wsProtocols: ['binary'],
  });
  // It maps the pointer by its own scale only: see the style of the screen.
  rfb.scaleViewport = true;
  const end = (reason: string): void => {
    if (over) return;
    over = true;
    unwatch();
    events.onEnd(reason);
  };
  rfb.addEventListener('connect', () => {
    if (!over) unwatch = watchCanvas(screen, events.onScreen);
  });
  rfb.addEventListener('securityfailure', ({ detail }) =>
    end(detail.reason ?? 'The display refused the password.'),
  );
  rfb.addEventListener('credentialsrequired', () => end('The display asks for a password.'));
  rfb.addEventListener('disconnect', () => {
    disconnected = true;
    end('The connection ended.');
  });
  return () => {
    over = true;
    unwatch();
    if (!disconnected) rfb.disconnect();
    screen.replaceChildren();
  };
};
