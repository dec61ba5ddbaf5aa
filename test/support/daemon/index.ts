export type { Outside } from './outside.ts';
export { startRootDaemon } from './root-daemon.ts';
export { startSessionDaemon } from './session-daemon.ts';
export { waitUntil } from './wait-until.ts';
export type { TestDaemon } from './world.ts';
