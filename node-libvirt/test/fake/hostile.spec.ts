import { Buffer } from 'node:buffer';
import { expect, it } from 'vitest';
import { ConnectionClosedError, connect, ProtocolError } from '../../src/index.ts';
import { domain, domainEvents, host, PacketStatus, PacketType } from '../../src/testing/index.ts';
import { encodePayload } from '../../src/wire/procedure.ts';
import { fakeSuite, handle } from '../support/fake.ts';
import { randomSource } from '../support/random.ts';

const suite = fakeSuite();

/** What a daemon says in a normal conversation: replies, events, pings, stream data. */
function conversation(): Buffer {
  const { OK, CONTINUE } = PacketStatus;
  const { REPLY, MESSAGE, STREAM } = PacketType;
  const list = domain.CONNECT_LIST_ALL_DOMAINS;
  const event = { program: list.program, number: domainEvents.lifecycle.message };
  const started = { callbackID: 0, dom: handle, event: 2, detail: 0 };
  return Buffer.concat([
    encodePayload(event, MESSAGE, OK, 1, domainEvents.lifecycle.payload, started),
    encodePayload(list, REPLY, OK, 5, list.result, { domains: [handle], ret: 1 }),
    encodePayload(list, STREAM, CONTINUE, 9, list.result, { domains: [], ret: 0 }),
    encodePayload(event, MESSAGE, OK, 1, domainEvents.lifecycle.payload, started),
  ]);
}

it('a daemon that talks nonsense ends the connection with a typed error, or is understood', async () => {
  const daemon = await suite.daemon();
  const random = randomSource(4);
  const sane = conversation();
  let ended = 0;
  for (let round = 0; round < 150; round++) {
    const nonsense = Buffer.from(sane);
    for (let flips = 1 + random(6); flips > 0; flips--) {
      nonsense[random(nonsense.length)] = random(256);
    }
    daemon.on(domain.CONNECT_LIST_ALL_DOMAINS, (_args, { client }) => {
      client.send(nonsense);
      client.drop();
      return new Promise<never>(() => undefined);
    });
    const connection = await connect(daemon.uri, { keepalive: null });
    await connection.onDomainEvent('lifecycle', () => undefined);
    await connection.listAllDomains().catch((error: unknown) => {
      const typed = error instanceof ConnectionClosedError || error instanceof ProtocolError;
      expect(typed, String(error)).toBe(true);
    });
    const reason = await connection.closed;
    if (reason instanceof ProtocolError) ended++;
    else expect(reason).toBeInstanceOf(ConnectionClosedError);
  }
  expect(ended).toBeGreaterThan(10);
});

it('a flood of answers nobody asked for ends the connection at once', async () => {
  const daemon = await suite.daemon();
  const connection = await suite.connect(daemon);
  const { REPLY } = PacketType;
  const answer = { type: 'QEMU' };
  const { CONNECT_GET_TYPE } = host;
  const packet = (serial: number) =>
    encodePayload(
      CONNECT_GET_TYPE,
      REPLY,
      PacketStatus.OK,
      serial,
      CONNECT_GET_TYPE.result,
      answer,
    );
  const flood = Array.from({ length: 1_000 }, (_, index) => packet(100 + index));
  daemon.clients[0]!.send(Buffer.concat(flood));
  expect(await connection.closed).toMatchObject({ reason: 'unexpected-packet' });
});
