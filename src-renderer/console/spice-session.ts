import { SpiceMainConn } from '@spice-project/spice-html5';
import { type OpenSession, watchCanvas } from './session.ts';

/** SPICE; resolves at once, whatever becomes of the link. */
export const openSpice: OpenSession = async (screen, ticket, events) => {
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
};
