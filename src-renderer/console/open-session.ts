import type { OpenSession, Protocol } from './session.ts';

/** Each comes when it is needed: a machine has one of the two. */
export const openSession: Record<Protocol, OpenSession> = {
  spice: async (...session) => (await import('./spice-session.ts')).openSpice(...session),
  vnc: async (...session) => (await import('./vnc-session.ts')).openVnc(...session),
};
