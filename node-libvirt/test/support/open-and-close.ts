// Run as a process of its own: it must end by itself once the connection is closed.
import { connect } from '../../src/index.ts';

const [, , uri, uuid = ''] = process.argv;
const connection = await connect(uri, { reconnect: true });
await connection.onDomainEvent('lifecycle', () => undefined);
const domain = await connection.domainLookupByUUID(uuid);
await domain.qemuAgentCommand('{}');
await connection.close();
