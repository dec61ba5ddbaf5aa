import { describe, expect, it } from 'vitest';
import { remoteCommand, sshArguments } from '../../src/transport/ssh-command.ts';
import { parseURI } from '../../src/transport/uri.ts';

function take(uri: string, readonly = false) {
  const parsed = parseURI(uri);
  if (parsed.ssh === null) throw new Error(`${uri} has no ssh`);
  const command = remoteCommand(parsed, parsed.ssh, { readonly, socket: parsed.socket });
  return { ...parsed.ssh, name: parsed.name, command, args: sshArguments(parsed.ssh, command) };
}

describe('a URI with ssh', () => {
  it('is taken apart', () => {
    expect(take('qemu+ssh://me%40work@[fe80::1]:2222/system')).toMatchObject({
      host: 'fe80::1',
      user: 'me@work',
      port: 2222,
      name: 'qemu:///system',
    });
    expect(take('qemu+ssh://host/system')).toMatchObject({ host: 'host', user: null, port: null });
  });

  it('makes the arguments of ssh', () => {
    const uri =
      'qemu+ssh://me@host:22/system?keyfile=/k&known_hosts=/h&no_verify=1&no_tty=1&proxy=native';
    const { args } = take(uri);
    expect(args.slice(0, -1)).toEqual([
      ...['-p', '22', '-l', 'me', '-i', '/k', '-T', '-e', 'none'],
      ...['-o', 'BatchMode=yes', '-o', 'StrictHostKeyChecking=no', '-o', 'UserKnownHostsFile=/h'],
      ...['--', 'host'],
    ]);
    expect(args.at(-1)).toBe(String.raw`sh -c 'exec virt-ssh-helper '\''qemu:///system'\'''`);
  });

  it('keeps no parameter of the way in what the daemon is asked to open', () => {
    expect(take('qemu+ssh://h/system?command=/x&no_verify=1&other=1').name).toBe(
      'qemu:///system?other=1',
    );
    expect(take('qemu+ssh://h/system?name=test:///default').name).toBe('test:///default');
  });

  it('chooses how the far end reaches its daemon', () => {
    const auto = take('qemu+ssh://h/system').command;
    expect(auto).toContain('virt-ssh-helper');
    expect(auto).toContain('/var/run/libvirt/virtqemud-sock');
    expect(auto).toContain('/var/run/libvirt/libvirt-sock');
    const netcat = take('qemu+ssh://h/system?netcat=/opt/nc&mode=legacy', true).command;
    expect(netcat).toContain('/opt/nc');
    expect(netcat).toContain('libvirt-sock-ro');
    expect(netcat).not.toMatch(/virt-ssh-helper|virtqemud/);
    const socket = take('qemu+ssh://h/system?socket=/s').command;
    expect(socket).toContain('/s');
    expect(socket).not.toContain('virt-ssh-helper');
    expect(take('qemu+ssh://h/session').command).not.toContain('nc=');
    expect(() => take('qemu+ssh://h/session?proxy=netcat')).toThrow(
      expect.objectContaining({ reason: 'uri-unsupported' }),
    );
  });
});
