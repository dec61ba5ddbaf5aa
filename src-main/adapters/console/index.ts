export { type ConsoleRelay, type ConsoleTicket, createConsoleRelay } from './console-relay.ts';
export type { ConsoleTarget } from './console-session.ts';
