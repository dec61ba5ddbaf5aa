export { type ConsoleRelay, createConsoleRelay } from './console-relay.ts';
export type { ConsoleTarget } from './console-session.ts';
