import { registerScheme, type SchemeHandler, schemeHandler, unregisterScheme } from './schemes.ts';

/** Electron's `protocol`. */
export const protocol = {
  /** The host gives every scheme the same rights: standard, secure, with fetch and CORS. */
  registerSchemesAsPrivileged(schemes: { scheme: string }[]): void {
    for (const { scheme } of schemes) registerScheme(scheme.toLowerCase());
  },

  /** @throws Error when the scheme has a handler */
  handle(scheme: string, handler: SchemeHandler): void {
    if (schemeHandler(scheme)) throw new Error(`Failed to register protocol: ${scheme}`);
    registerScheme(scheme.toLowerCase(), handler);
  },

  unhandle(scheme: string): void {
    if (!unregisterScheme(scheme)) throw new Error(`Failed to unhandle protocol: ${scheme}`);
  },

  isProtocolHandled(scheme: string): boolean {
    return (
      schemeHandler(scheme) !== undefined || ['http', 'https', 'file', 'data'].includes(scheme)
    );
  },
};
