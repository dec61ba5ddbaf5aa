import {
  AuthenticationError,
  ConnectionClosedError,
  ErrorCode,
  KeepaliveError,
  LibvirtError,
  ProtocolError,
  TimeoutError,
  TransportError,
} from 'node-libvirt';
import { BerthError, type BerthErrorOptions } from '../../core/errors.ts';
import { classifyByCode, classifyByText, type ErrorClass } from './error-classes.ts';

const DENIED_HINT =
  'Join the group libvirt (sudo usermod -aG libvirt "$USER") and log in again, start a polkit authentication agent, or set BERTH_LIBVIRT_URI=qemu:///session.';
const UNREACHABLE_HINT =
  'Start the daemon (sudo systemctl start libvirtd, or virtqemud) and look at its journal.';
const JOIN_GROUP = {
  action: 'run-command',
  label: 'Join the group libvirt',
  command: 'sudo usermod -aG libvirt "$USER"',
} as const;

/**
 * Any failure of node-libvirt as a BerthError: `doing` says in a few words what was tried
 * (`start the domain`). What is no expected failure comes back as it is.
 */
export function translate(doing: string, error: unknown): unknown {
  if (error instanceof LibvirtError) return fromLibvirt(doing, error);
  if (error instanceof AuthenticationError) return denied(error);
  if (error instanceof TransportError) return fromTransport(error);
  if (error instanceof ConnectionClosedError || error instanceof KeepaliveError) {
    return unreachable(`The libvirt daemon went away while trying to ${doing}.`, error);
  }
  if (error instanceof ProtocolError) {
    const message = `The libvirt daemon answered with something unreadable while trying to ${doing}.`;
    return new BerthError('libvirt_protocol', message, { cause: error });
  }
  if (error instanceof TimeoutError) return timedOut(doing, error.timeoutMs, error);
  return error;
}

export function timedOut(doing: string, milliseconds: number, cause?: unknown): BerthError {
  const seconds = Math.round(milliseconds / 1000);
  return new BerthError('timeout', `libvirt took longer than ${seconds} s to ${doing}.`, {
    hint: 'The host may be overloaded; libvirt may still finish it.',
    retryable: true,
    cause,
  });
}

export function unreachable(message: string, cause?: unknown): BerthError {
  return new BerthError('libvirt_unreachable', message, {
    hint: UNREACHABLE_HINT,
    retryable: true,
    cause,
  });
}

function denied(cause: Error): BerthError {
  return new BerthError('libvirt_denied', 'libvirt does not let this user in.', {
    hint: DENIED_HINT,
    fix: JOIN_GROUP,
    cause,
  });
}

function fromTransport(error: TransportError): BerthError {
  switch (error.reason) {
    case 'socket-denied':
      return denied(error);
    case 'uri-invalid':
    case 'uri-unsupported':
      return new BerthError('libvirt_uri_invalid', sentence(error.message), {
        hint: 'Use qemu:///system, qemu:///session, or one of them with ?socket=/path.',
        cause: error,
      });
    case 'daemon-missing':
      return new BerthError('libvirt_missing', sentence(error.message), {
        hint: 'Install libvirt and QEMU: on Debian, libvirt-daemon-system and qemu-system-x86.',
        cause: error,
      });
    default:
      return unreachable('The libvirt daemon cannot be reached.', error);
  }
}

function fromLibvirt(doing: string, error: LibvirtError): BerthError {
  const text = redact(error.message);
  const found = classifyByText(text, error.code) ?? classifyByCode(error.code);
  if (found === null && isSystemDenial(error)) return refused(doing, text, error, PERMISSION);
  return refused(doing, text, error, found ?? UNCLASSIFIED);
}

const PERMISSION: ErrorClass = {
  code: 'permission',
  message: 'The host refuses access to a file or device.',
  hint: 'The user that QEMU runs as must be able to read the file and enter its folders.',
};
const UNCLASSIFIED: ErrorClass = { code: 'libvirt_error', message: null };

const EPERM = 1;
const EACCES = 13;
const isSystemDenial = (error: LibvirtError): boolean =>
  error.code === ErrorCode.SYSTEM_ERROR && (error.int1 === EPERM || error.int1 === EACCES);

function refused(doing: string, text: string, error: LibvirtError, kind: ErrorClass): BerthError {
  const options: BerthErrorOptions = {
    retryable: kind.retryable ?? false,
    cause: text === error.message ? error : new Error(text),
    ...(kind.hint !== undefined && { hint: kind.hint }),
    ...(kind.fix !== undefined && { fix: kind.fix }),
  };
  const message = kind.message ?? `libvirt could not ${doing}: ${text}`;
  return new BerthError(kind.code, message, options);
}

/** XML that libvirt quotes in an error may hold the display's password. */
function redact(text: string): string {
  return text.replace(/passwd=(?:"[^"]*"?|'[^']*'?)/g, 'passwd="…"');
}

function sentence(text: string): string {
  const capital = text.charAt(0).toUpperCase() + text.slice(1);
  return /[.!?]$/.test(capital) ? capital : `${capital}.`;
}

/** Resolves in spite of failures with these codes: what was wanted is so already. */
export async function tolerate(codes: readonly string[], work: Promise<void>): Promise<void> {
  try {
    await work;
  } catch (error) {
    if (!(error instanceof BerthError && codes.includes(error.code))) throw error;
  }
}

/** Whether an error, translated or not, is of one code. */
export function isCode(error: unknown, code: string): boolean {
  const translated = translate('do that', error);
  return translated instanceof BerthError && translated.code === code;
}
