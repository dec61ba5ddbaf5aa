import { afterEach } from 'vitest';
import { type Connection, type ConnectOptions, connect } from '../../src/index.ts';
import { type DomainHandle, FakeDaemon } from '../../src/testing/index.ts';

export const UUID = '11111111-2222-3333-4444-555555555555';
export const handle: DomainHandle = { name: 'vm', uuid: UUID, id: -1 };

/** Fake daemons and connections that are closed after each test. */
export function fakeSuite() {
  const open: { close(): Promise<void> }[] = [];
  afterEach(async () => {
    for (const thing of open.splice(0).reverse()) await thing.close();
  });
  const own = <T extends { close(): Promise<void> }>(thing: T): T => {
    open.push(thing);
    return thing;
  };
  return {
    async daemon(): Promise<FakeDaemon> {
      const daemon = await FakeDaemon.start();
      own({ close: () => daemon.stop() });
      return daemon;
    },
    async connect(daemon: FakeDaemon, options?: ConnectOptions): Promise<Connection> {
      return own(await connect(daemon.uri, options));
    },
  };
}

/** A promise with its handles, for handlers that wait until a test lets them go. */
export function gate(): { opened: Promise<void>; open: () => void } {
  let open: () => void = () => undefined;
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { opened, open };
}
