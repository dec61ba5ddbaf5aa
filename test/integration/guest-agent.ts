import { randomBytes } from 'node:crypto';
import { connect, type GuestAgent } from 'node-libvirt';
import { expect } from 'vitest';

/** A loaded host makes an emulated guest slow. */
const ANSWER_SECONDS = 120;
const KEY = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGFnZW50 agent';

/** What the guest was made as, which its agent must tell. */
interface KnownGuest {
  readonly hostname: string;
  readonly user: string;
  readonly mac: string;
}

/** Uses each part of node-libvirt's guest agent on a machine that runs the real one. */
export async function useGuestAgent(uri: string, machine: string, guest: KnownGuest) {
  await using connection = await connect(uri);
  const { agent } = await connection.domainLookupByName(machine);
  agent.setTimeout(ANSWER_SECONDS);
  await agent.ping();
  await tellsOfTheGuest(agent, guest);
  await runsPrograms(agent);
  await movesFiles(agent);
  await changesAccounts(agent, guest.user);
  await stopsFilesystems(agent);
}

/** Nobody answers for a machine that is off. */
export async function missGuestAgent(uri: string, machine: string) {
  await using connection = await connect(uri);
  const { agent } = await connection.domainLookupByName(machine);
  await expect(agent.ping()).rejects.toMatchObject({
    name: 'LibvirtError',
    isOperationInvalid: true,
  });
}

/** In the agent's own words, whoever hands them on. */
const refused = (call: Promise<unknown>, words: RegExp) => expect(call).rejects.toThrow(words);

async function tellsOfTheGuest(agent: GuestAgent, guest: KnownGuest): Promise<void> {
  const info = await agent.getInfo();
  expect(info.version).toMatch(/^\d+\.\d+/);
  expect(info.commands).toContainEqual({ name: 'guest-exec', enabled: true });
  expect(await agent.getHostName()).toBe(guest.hostname);
  expect(await agent.getOSInfo()).toMatchObject({ id: 'debian', machine: 'x86_64' });
  expect(await agent.getTime()).toBeGreaterThan(1e18);
  expect(await agent.networkGetInterfaces()).toContainEqual({
    name: expect.any(String),
    hardwareAddress: guest.mac,
    addresses: expect.arrayContaining([
      { type: 'ipv4', address: expect.stringMatching(/^192\.168\.122\./), prefix: 24 },
    ]),
  });
  // Somebody is logged in at most at the console.
  for (const { user } of await agent.getUsers()) expect(user).not.toBe('');
  const root = (await agent.getFilesystems()).find(({ mountpoint }) => mountpoint === '/');
  expect(root?.totalBytes).toBeGreaterThan(root?.usedBytes ?? Number.POSITIVE_INFINITY);
}

async function runsPrograms(agent: GuestAgent): Promise<void> {
  const script = 'cat; printf "%s" "$WORD" >&2; exit 3';
  const options = { env: ['WORD=wörd', 'PATH=/usr/bin:/bin'], input: 'to be read' };
  const result = await agent.exec('/bin/sh', ['-c', script], options);
  expect({ ...result, stdout: `${result.stdout}`, stderr: `${result.stderr}` }).toEqual({
    exitCode: 3,
    signal: null,
    stdout: 'to be read',
    stderr: 'wörd',
    truncated: false,
  });
  const killed = await agent.exec('/bin/sh', ['-c', 'kill -KILL $$']);
  expect(killed).toMatchObject({ exitCode: null, signal: 9 });
  await refused(agent.exec('/no/such/program'), /No such file/);
}

async function movesFiles(agent: GuestAgent): Promise<void> {
  const path = '/root/agent.bin';
  const bytes = randomBytes(100_000);
  await agent.writeFile(path, bytes);
  await agent.writeFile(path, 'the end', { append: true });
  const all = Buffer.concat([bytes, Buffer.from('the end')]);
  expect((await agent.readFile(path)).equals(all)).toBe(true);
  await expect(agent.readFile(path, { maxBytes: 1000 })).rejects.toBeInstanceOf(RangeError);
  await refused(agent.readFile('/no/such/file'), /No such file/);
}

async function changesAccounts(agent: GuestAgent, user: string): Promise<void> {
  const hash = async () => `${(await agent.exec('/usr/bin/getent', ['shadow', user])).stdout}`;
  const before = await hash();
  await agent.setUserPassword(user, 'battery staple');
  expect(await hash()).not.toBe(before);
  await agent.setUserPassword(user, before.split(':')[1] ?? '', true);
  expect(await hash()).toBe(before);
  await refused(agent.setUserPassword('nobody-here', 'x'), /./);

  // The agent keeps them in no order.
  const keys = async () => (await agent.sshGetAuthorizedKeys(user)).toSorted();
  const given = await keys();
  expect(given).not.toContain(KEY);
  await agent.sshAddAuthorizedKeys(user, [KEY]);
  expect(await keys()).toEqual([...given, KEY].toSorted());
  await agent.sshRemoveAuthorizedKeys(user, [KEY]);
  expect(await keys()).toEqual(given);
  await refused(agent.sshGetAuthorizedKeys('nobody-here'), /nobody-here/);
}

async function stopsFilesystems(agent: GuestAgent): Promise<void> {
  await agent.fsTrim();
  expect(await agent.fsFreezeStatus()).toBe('thawed');
  try {
    expect(await agent.fsFreeze()).toBeGreaterThan(0);
    expect(await agent.fsFreezeStatus()).toBe('frozen');
    await refused(agent.exec('/bin/true'), /frozen|disabled/);
  } finally {
    expect(await agent.fsThaw()).toBeGreaterThan(0);
  }
  expect(await agent.fsFreezeStatus()).toBe('thawed');
  expect((await agent.exec('/bin/true')).exitCode).toBe(0);
}
