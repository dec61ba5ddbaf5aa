import { describe, expect, it } from 'vitest';
import { AgentError } from '../../src/index.ts';
import { domain, FakeError, qemu } from '../../src/testing/index.ts';
import { fakeSuite, handle } from '../support/fake.ts';

const suite = fakeSuite();
const base64 = (text: string) => Buffer.from(text).toString('base64');

type Command = { readonly execute: string; readonly arguments: Record<string, unknown> };

/** A domain whose agent answers what `answer` returns, as its `return`. */
async function guest(answer: (command: Command) => unknown) {
  const daemon = await suite.daemon();
  const sent: Command[] = [];
  const timeouts: number[] = [];
  daemon.on(domain.DOMAIN_LOOKUP_BY_NAME, () => ({ dom: handle }));
  daemon.on(qemu.DOMAIN_AGENT_COMMAND, ({ cmd, timeout }) => {
    const command: Command = JSON.parse(cmd);
    sent.push(command);
    timeouts.push(timeout);
    const value = answer(command);
    return { result: typeof value === 'string' ? value : JSON.stringify({ return: value }) };
  });
  const vm = await (await suite.connect(daemon)).domainLookupByName('vm');
  return { agent: vm.agent, sent, timeouts };
}

describe('the guest agent', () => {
  it('answers questions', async () => {
    const replies: Record<string, unknown> = {
      'guest-ping': {},
      'guest-info': {
        version: '7.2',
        supported_commands: [{ name: 'guest-ping', enabled: true, 'success-response': true }],
      },
      'guest-network-get-interfaces': [
        {
          name: 'eth0',
          'hardware-address': '52:54:00:00:00:01',
          'ip-addresses': [{ 'ip-address-type': 'ipv4', 'ip-address': '10.0.0.2', prefix: 24 }],
        },
        { name: 'down0' },
      ],
      'guest-get-users': [{ user: 'ann', 'login-time': 1.5 }],
      'guest-get-host-name': { 'host-name': 'box' },
      'guest-get-osinfo': { id: 'debian', 'pretty-name': 'Debian 12', 'version-id': '12' },
      'guest-get-time': 1_700_000_000_000_000_000,
      'guest-get-fsinfo': [
        { name: 'vda1', mountpoint: '/', type: 'ext4', 'used-bytes': 5, disk: [] },
      ],
      'guest-fsfreeze-freeze': 2,
      'guest-fsfreeze-freeze-list': 1,
      'guest-fsfreeze-thaw': 2,
      'guest-ssh-get-authorized-keys': { keys: ['ssh-ed25519 A'] },
      'guest-fstrim': { paths: [] },
    };
    const { agent } = await guest(({ execute }) => replies[execute]);
    await agent.ping();
    expect(await agent.getInfo()).toEqual({
      version: '7.2',
      commands: [{ name: 'guest-ping', enabled: true }],
    });
    const address = { type: 'ipv4', address: '10.0.0.2', prefix: 24 };
    expect(await agent.networkGetInterfaces()).toEqual([
      { name: 'eth0', hardwareAddress: '52:54:00:00:00:01', addresses: [address] },
      { name: 'down0', hardwareAddress: null, addresses: [] },
    ]);
    expect(await agent.getUsers()).toEqual([{ user: 'ann', domain: null, loginTime: 1.5 }]);
    expect(await agent.getHostName()).toBe('box');
    expect(await agent.getOSInfo()).toMatchObject({ prettyName: 'Debian 12', machine: null });
    expect(await agent.getTime()).toBe(1.7e18);
    expect(await agent.getFilesystems()).toEqual([
      { name: 'vda1', mountpoint: '/', type: 'ext4', usedBytes: 5, totalBytes: null },
    ]);
    expect(await agent.fsFreeze()).toBe(2);
    expect(await agent.fsFreeze(['/'])).toBe(1);
    expect(await agent.fsThaw()).toBe(2);
    await agent.fsTrim();
    expect(await agent.sshGetAuthorizedKeys('ann')).toEqual(['ssh-ed25519 A']);
    expect(await agent.execute('guest-get-host-name')).toEqual({ 'host-name': 'box' });
  });

  it('is told what to change', async () => {
    const { agent, sent, timeouts } = await guest(({ execute }) =>
      execute === 'guest-fsfreeze-status' ? '{"return":"thawed"}' : {},
    );
    await agent.setTimeout(30).setUserPassword('ann', 'pä55', true);
    await agent.sshAddAuthorizedKeys('ann', ['k'], true);
    await agent.sshRemoveAuthorizedKeys('ann', ['k']);
    await agent.shutdown('reboot');
    expect(await agent.fsFreezeStatus()).toBe('thawed');
    expect(sent.slice(0, 4).map(({ arguments: args }) => args)).toEqual([
      { username: 'ann', password: base64('pä55'), crypted: true },
      { username: 'ann', keys: ['k'], reset: true },
      { username: 'ann', keys: ['k'] },
      { mode: 'reboot' },
    ]);
    expect(timeouts[0]).toBe(30);
  });

  it('runs programs and brings their output', async () => {
    let polls = 0;
    const { agent, sent } = await guest(({ execute }) => {
      if (execute === 'guest-exec') return { pid: 7 };
      if (++polls < 3) return { exited: false };
      return { exited: true, exitcode: 3, 'out-data': base64('out'), 'err-data': base64('err') };
    });
    const result = await agent.exec('/bin/sh', ['-c', 'x'], { input: 'in', env: ['A=1'] });
    expect(result).toMatchObject({ exitCode: 3, signal: null, truncated: false });
    expect([String(result.stdout), String(result.stderr)]).toEqual(['out', 'err']);
    expect(sent[0]?.arguments).toEqual({
      path: '/bin/sh',
      arg: ['-c', 'x'],
      'capture-output': true,
      env: ['A=1'],
      'input-data': base64('in'),
    });
  });

  it('gives up a program that takes too long', async () => {
    const { agent } = await guest(({ execute }) =>
      execute === 'guest-exec' ? { pid: 7 } : { exited: false },
    );
    await expect(agent.exec('/bin/sleep', [], { timeoutMs: 100 })).rejects.toMatchObject({
      name: 'TimeoutError',
      outcomeUnknown: true,
    });
    const controller = new AbortController();
    const running = agent.exec('/bin/sleep', [], { signal: controller.signal });
    controller.abort(new Error('enough'));
    await expect(running).rejects.toThrow('enough');
  });

  it('reads and writes files in pieces', async () => {
    const written: string[] = [];
    let reads = 0;
    const { agent, sent } = await guest(({ execute, arguments: args }) => {
      if (execute === 'guest-file-open') return 9;
      if (execute === 'guest-file-read') {
        return { count: 2, 'buf-b64': base64(`${reads}!`), eof: ++reads === 3 };
      }
      if (execute !== 'guest-file-write') return {};
      const data = Buffer.from(String(args['buf-b64']), 'base64');
      written.push(String(data.subarray(0, 600_000)));
      return { count: Math.min(data.length, 600_000), eof: false };
    });
    expect(String(await agent.readFile('/etc/x'))).toBe('0!1!2!');
    const text = 'abcdefghij'.repeat(150_000);
    await agent.writeFile('/tmp/x', text, { append: true });
    expect(written.join('')).toBe(text);
    const commands = sent.map(({ execute }) => execute);
    expect(commands.filter((name) => name === 'guest-file-close')).toHaveLength(2);
    expect(sent.find(({ arguments: args }) => args['path'] === '/tmp/x')?.arguments['mode']).toBe(
      'ab',
    );
  });

  it('closes a file whatever happens', async () => {
    const { agent, sent } = await guest(({ execute }) => {
      if (execute === 'guest-file-open') return 9;
      if (execute === 'guest-file-write') throw new FakeError(1, 'disk full');
      return { count: 4, 'buf-b64': base64('long'), eof: false };
    });
    await expect(agent.writeFile('/x', 'data')).rejects.toThrow('disk full');
    await expect(agent.readFile('/x', { maxBytes: 10 })).rejects.toThrow(RangeError);
    expect(sent.filter(({ execute }) => execute === 'guest-file-close')).toHaveLength(2);
  });

  it.each([
    ['no JSON', 'nonsense', /not JSON/],
    ['a list', '[]', /not an object/],
    ['nothing', '{}', /host-name/],
    ['a number', '{"return":{"host-name":5}}', /host-name is not text/],
    ['an error', '{"error":{"class":"CommandNotFound","desc":"no such"}}', /no such/],
  ])('that answers %s is an AgentError', async (_what, reply, message) => {
    const { agent } = await guest(() => reply);
    const asking = agent.getHostName();
    await expect(asking).rejects.toBeInstanceOf(AgentError);
    await expect(asking).rejects.toMatchObject({
      code: 'LIBVIRT_AGENT',
      message: expect.stringMatching(message),
    });
  });
});
