import { describe, expect, it } from 'vitest';
import { findDaemon, findExecutable, sessionDirectory } from '../../src/transport/socket-paths.ts';
import { connectUnixSocket } from '../../src/transport/unix-socket.ts';
import { defaultURI, parseURI } from '../../src/transport/uri.ts';

describe('parseURI', () => {
  it.each([
    ['qemu:///system', 'qemu', '/system', null, 'qemu:///system'],
    ['qemu+unix:///session', 'qemu', '/session', null, 'qemu:///session'],
    [
      'qemu:///system?socket=/tmp/x/run/libvirt-sock',
      'qemu',
      '/system',
      '/tmp/x/run/libvirt-sock',
      'qemu:///system',
    ],
    ['test:///abs/file.xml', 'test', '/abs/file.xml', null, 'test:///abs/file.xml'],
    ['qemu:///system?mode=legacy&no_verify=1', 'qemu', '/system', null, 'qemu:///system'],
  ])('takes %s apart', (uri, driver, path, socket, name) => {
    expect(parseURI(uri)).toMatchObject({ driver, path, socket, name });
  });

  it.each([
    ['', 'uri-invalid'],
    ['system', 'uri-invalid'],
    ['qemu:/system', 'uri-invalid'],
    ['qemu:///system?socket=relative', 'uri-invalid'],
    ['qemu:///system?mode=fast', 'uri-invalid'],
    ['qemu+ssh:///system', 'uri-invalid'],
    ['qemu+ssh://a@b@c/system', 'uri-invalid'],
    ['qemu+ssh://host:0/system', 'uri-invalid'],
    ['qemu+ssh://host/system?proxy=magic', 'uri-invalid'],
    ['qemu+ssh://host/system?proxy=native&netcat=nc', 'uri-invalid'],
    ['qemu+ssh://%zz@host/system', 'uri-invalid'],
    ['qemu://host/system', 'uri-unsupported'],
    ['qemu+tls:///system', 'uri-unsupported'],
  ])('refuses %s', (uri, reason) => {
    expect(() => parseURI(uri)).toThrow(expect.objectContaining({ reason }));
  });

  it('knows what libvirt would use when told nothing', () => {
    expect(defaultURI({}, 0)).toBe('qemu:///system');
    expect(defaultURI({}, 1000)).toBe('qemu:///session');
    expect(defaultURI({ LIBVIRT_DEFAULT_URI: 'test:///default' }, 0)).toBe('test:///default');
  });
});

describe('findDaemon', () => {
  const env = { XDG_RUNTIME_DIR: '/run/user/1000', HOME: '/home/a', PATH: '/usr/bin' };
  const around = (files: string[], euid = 1000) => ({
    env,
    euid,
    exists: (file: string) => files.includes(file),
  });
  const find = (uri: string, files: string[], euid?: number) =>
    findDaemon(parseURI(uri), around(files, euid));

  it('prefers the driver’s own daemon where it runs', () => {
    const own = '/var/run/libvirt/virtqemud-sock';
    expect(find('qemu:///system', [own])).toMatchObject({ socketPath: own, session: false });
    expect(find('qemu:///system', [])).toMatchObject({ daemon: 'libvirtd' });
  });

  it('finds a session by the runtime directory, and root has none', () => {
    expect(find('qemu:///session', [])).toEqual({
      socketPath: '/run/user/1000/libvirt/libvirt-sock',
      daemon: 'libvirtd',
      session: true,
    });
    expect(find('qemu:///session', [], 0).socketPath).toBe('/var/run/libvirt/libvirt-sock');
  });

  it('starts the driver’s own daemon where only that is installed', () => {
    const found = find('qemu:///session', ['/usr/sbin/virtqemud']);
    expect(found.socketPath).toBe('/run/user/1000/libvirt/virtqemud-sock');
  });

  it('asks libvirtd for the test driver, which no other daemon has', () => {
    const files = ['/run/user/1000/libvirt/virtqemud-sock'];
    expect(find('test:///default', files).daemon).toBe('libvirtd');
  });

  it('obeys mode=', () => {
    const own = '/var/run/libvirt/virtqemud-sock';
    expect(find('qemu:///system?mode=legacy', [own]).daemon).toBe('libvirtd');
    expect(find('qemu:///system?mode=direct', []).daemon).toBe('virtqemud');
  });

  it('uses the read-only socket of the system daemon', () => {
    const address = findDaemon(parseURI('qemu:///system'), { ...around([]), readonly: true });
    expect(address.socketPath).toBe('/var/run/libvirt/libvirt-sock-ro');
  });

  it('falls back to the cache directory without a runtime directory', () => {
    expect(sessionDirectory({ env: { HOME: '/home/a' } })).toBe('/home/a/.cache/libvirt');
    expect(sessionDirectory({ env: { XDG_CACHE_HOME: '/c' } })).toBe('/c/libvirt');
  });

  it('finds executables by variable, then in the usual places', () => {
    const exists = (file: string) => file === '/usr/sbin/libvirtd';
    expect(findExecutable('libvirtd', { env, exists })).toBe('/usr/sbin/libvirtd');
    const configured = { ...env, LIBVIRTD_PATH: '/opt/libvirtd' };
    expect(findExecutable('libvirtd', { env: configured, exists })).toBe('/opt/libvirtd');
    expect(findExecutable('virtqemud', { env, exists })).toBeNull();
  });
});

describe('connectUnixSocket', () => {
  it('says what to do when nothing is there', async () => {
    const missing = connectUnixSocket('/tmp/no-such-directory/sock');
    await expect(missing).rejects.toMatchObject({
      reason: 'socket-missing',
      message: expect.stringContaining('install libvirt-daemon-system'),
    });
  });

  it('refuses a path that no socket can have', async () => {
    const long = connectUnixSocket(`/tmp/${'x'.repeat(200)}`);
    await expect(long).rejects.toThrow(/longer than the 107 bytes/);
  });

  it('rejects with the reason of a signal', async () => {
    const reason = new Error('changed my mind');
    const aborted = connectUnixSocket('/tmp/x', { signal: AbortSignal.abort(reason) });
    await expect(aborted).rejects.toBe(reason);
  });
});
