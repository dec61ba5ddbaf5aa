import {
  AuthenticationError,
  ConnectionClosedError,
  ErrorCode,
  KeepaliveError,
  LibvirtError,
  ProtocolError,
  TimeoutError,
  TransportError,
  type TransportErrorReason,
} from 'node-libvirt';
import { describe, expect, it } from 'vitest';
import { BerthError } from '../../core/errors.ts';
import { isCode, tolerate, translate } from './errors.ts';

function libvirtError(code: number, message: string, errno = 0): LibvirtError {
  const none = { dom: null, net: null, str1: null, str2: null, str3: null };
  const numbers = { domain: 10, level: 2, int1: errno, int2: 0 };
  return new LibvirtError({ code, message, ...none, ...numbers }, 'DOMAIN_CREATE_WITH_FLAGS');
}

function berthError(error: unknown): BerthError {
  const translated = translate('start the machine', error);
  expect(translated).toBeInstanceOf(BerthError);
  return translated as BerthError;
}

describe('translate', () => {
  it.each([
    [ErrorCode.NO_DOMAIN, "Domain not found: no domain with matching uuid 'x'", 'domain_missing'],
    [
      ErrorCode.OPERATION_FAILED,
      "operation failed: domain 'web' already exists with uuid 1",
      'domain_exists',
    ],
    [ErrorCode.NO_STORAGE_POOL, "no storage pool with matching name 'p'", 'pool_missing'],
    [ErrorCode.NO_STORAGE_VOL, "no storage vol with matching name 'v'", 'volume_missing'],
    [ErrorCode.STORAGE_VOL_EXIST, "storage volume 'v' exists already", 'volume_exists'],
    [ErrorCode.OPERATION_INVALID, "volume 'v' is still being allocated.", 'volume_busy'],
    [
      ErrorCode.INTERNAL_ERROR,
      'qemu-system-x86_64: Failed to get "write" lock\nIs another process using the image [/x]?',
      'volume_busy',
    ],
    [
      ErrorCode.NO_NETWORK,
      "Network not found: no network with matching name 'n'",
      'network_missing',
    ],
    [ErrorCode.OPERATION_INVALID, "network 'n' is not active", 'network_inactive'],
    [ErrorCode.XML_ERROR, 'XML error: no domain name', 'xml_invalid'],
    [ErrorCode.XML_INVALID_SCHEMA, 'XML document failed to validate', 'xml_invalid'],
    [ErrorCode.SYSTEM_ERROR, "cannot extend file '/x': No space left on device", 'disk_full'],
    [ErrorCode.SYSTEM_ERROR, "Cannot access storage file '/x': Permission denied", 'permission'],
    [
      ErrorCode.INTERNAL_ERROR,
      'process exited while connecting to monitor: Could not access KVM kernel module: No such file',
      'kvm_broken',
    ],
    [
      ErrorCode.INTERNAL_ERROR,
      'qemu-system-x86_64: failed to initialize kvm: Permission denied',
      'kvm_broken',
    ],
    [
      ErrorCode.INTERNAL_ERROR,
      'process exited while connecting to monitor: warning\nqemu: cannot set up guest memory',
      'memory_full',
    ],
    [ErrorCode.AGENT_UNRESPONSIVE, 'Guest agent is not responding', 'agent_unresponsive'],
    [ErrorCode.OPERATION_TIMEOUT, 'cannot acquire state change lock', 'timeout'],
    [ErrorCode.OPERATION_DENIED, 'read only access prevents virDomainCreate', 'libvirt_denied'],
    [ErrorCode.CONFIG_UNSUPPORTED, 'unsupported configuration: spice is not', 'unsupported'],
    [
      ErrorCode.SYSTEM_ERROR,
      "Cannot access storage file '/a b': No such file or directory",
      'volume_missing',
    ],
    [ErrorCode.OPERATION_FAILED, 'something else altogether', 'libvirt_error'],
  ])('gives %i “%s” the code %s', (code, message, expected) => {
    expect(berthError(libvirtError(code, message)).code).toBe(expected);
  });

  it('goes by errno where the words say nothing', () => {
    expect(berthError(libvirtError(ErrorCode.SYSTEM_ERROR, 'Keine Berechtigung', 13)).code).toBe(
      'permission',
    );
  });

  it('offers to start what is not started', () => {
    const pool = berthError(
      libvirtError(ErrorCode.OPERATION_INVALID, "storage pool 'p' is not active"),
    );
    expect(pool.fix).toMatchObject({ action: 'start-pool', pool: 'p' });
    const network = berthError(
      libvirtError(ErrorCode.OPERATION_INVALID, "network 'n' is not active"),
    );
    expect(network.fix).toMatchObject({ action: 'start-network', network: 'n' });
  });

  it('says what QEMU said last', () => {
    const message =
      'internal error: process exited while connecting to monitor: a: warning: old option\nqemu: no such device\n';
    const error = berthError(libvirtError(ErrorCode.INTERNAL_ERROR, message));
    expect(error.code).toBe('qemu_failed');
    expect(error.message).toBe('QEMU ended at once: qemu: no such device');
  });

  it('keeps passwords that libvirt quotes out of message and cause', () => {
    const message = `(domain_definition):1: bad\n<graphics type='spice' passwd='geheim' <\n`;
    const data = berthError(libvirtError(ErrorCode.XML_DETAIL, message)).toData();
    expect(JSON.stringify(data)).not.toContain('geheim');
    expect(data.message).toContain('passwd="…"');
  });

  it.each<[TransportErrorReason, string]>([
    ['socket-missing', 'libvirt_unreachable'],
    ['socket-refused', 'libvirt_unreachable'],
    ['socket-denied', 'libvirt_denied'],
    ['uri-unsupported', 'libvirt_uri_invalid'],
    ['daemon-missing', 'libvirt_missing'],
  ])('gives a %s transport error the code %s', (reason, expected) => {
    expect(berthError(new TransportError(reason, 'no way')).code).toBe(expected);
  });

  it.each([
    [new AuthenticationError('no'), 'libvirt_denied', false],
    [new ConnectionClosedError('gone'), 'libvirt_unreachable', true],
    [new KeepaliveError(30_000), 'libvirt_unreachable', true],
    [new TimeoutError('x', 5_000, true), 'timeout', true],
    [new ProtocolError('bad-type', 'x'), 'libvirt_protocol', false],
  ])('%o is %s', (error, code, retryable) => {
    expect(berthError(error)).toMatchObject({ code, retryable });
  });

  it('leaves alone what is no failure of libvirt', () => {
    const bug = new RangeError('off by one');
    const known = new BerthError('volume_busy', 'x');
    expect(translate('x', bug)).toBe(bug);
    expect(translate('x', known)).toBe(known);
  });
});

describe('tolerate', () => {
  it('takes the named failures for success and no others', async () => {
    const failing = () => Promise.reject(new BerthError('domain_missing', 'x'));
    await expect(tolerate(['domain_missing'], failing())).resolves.toBeUndefined();
    await expect(tolerate(['domain_inactive'], failing())).rejects.toThrow(BerthError);
  });

  it('compares errors by code before and after translation', () => {
    const raw = libvirtError(ErrorCode.NO_STORAGE_POOL, 'no storage pool');
    expect(isCode(raw, 'pool_missing')).toBe(true);
    expect(isCode(translate('x', raw), 'pool_missing')).toBe(true);
    expect(isCode(new Error('pool_missing'), 'pool_missing')).toBe(false);
  });
});
