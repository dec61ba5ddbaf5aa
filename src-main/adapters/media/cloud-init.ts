import { buildIso9660, type IsoFile } from './iso9660.ts';
import { MediaError } from './media-error.ts';

export type NoCloudInput = {
  /** A new id makes cloud-init configure the guest again. */
  readonly instanceId: string;
  readonly hostname: string;
  /** Administrator account, with sudo. */
  readonly user: string;
  /** As crypt(3) makes it (see `hashPassword`); absent: the password is locked and only SSH keys work. */
  readonly passwordHash?: string;
  readonly sshKeys?: readonly string[];
  /** Name of the virtio-serial port that progress is written to; absent: no progress lines. */
  readonly progressPort?: string;
  /** Absent: cloud-init's own default, DHCP on the first card. */
  readonly network?: { readonly mac: string };
  /** A shell script that runs once, before the guest counts as ready; it is given the progress port's path. */
  readonly firstBoot?: string;
};

type Json = string | number | boolean | readonly Json[] | { readonly [key: string]: Json };

const HOST_NAME =
  /^(?=.{1,253}$)[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?(\.[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?)*$/;
const USER_NAME = /^[a-z_][a-z0-9_-]{0,31}$/;
const CRYPT_HASH = /^\$[0-9a-z]+\$[./A-Za-z0-9$=,+-]+$/;
const PORT_NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;
const MAC_ADDRESS = /^([0-9a-f]{2}:){5}[0-9a-f]{2}$/i;
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it looks for
const CONTROL = /[\u0000-\u001f\u007f]/;
/** What YAML takes for a line break or refuses, although JSON allows it inside a string. */
const YAML_UNSAFE = /[\u007f-\u00a0\u2028\u2029\ud800-\udfff\ufeff\ufffe\uffff]/gu;

const FIRST_BOOT_PATH = '/var/lib/berth-first-boot';
const AGENT_UNIT = 'qemu-guest-agent';
/** Enables the agent that is there, else installs it if the package lists at hand know it; never longer than three minutes. */
const ENABLE_AGENT = [
  'if ! command -v qemu-ga >/dev/null 2>&1; then',
  `  if command -v apt-get >/dev/null 2>&1; then apt-cache show ${AGENT_UNIT} >/dev/null 2>&1 && DEBIAN_FRONTEND=noninteractive timeout 180 apt-get install -y -q ${AGENT_UNIT}`,
  `  elif command -v dnf >/dev/null 2>&1; then timeout 180 dnf install -y -q -C ${AGENT_UNIT}`,
  '  fi',
  'fi </dev/null',
  `command -v systemctl >/dev/null 2>&1 && systemctl enable --now ${AGENT_UNIT}`,
  'true',
].join('\n');

/** JSON is YAML once a few characters are escaped. Lone surrogates are escaped by JSON itself. */
function yamlScalar(value: Json): string {
  return JSON.stringify(value).replace(
    YAML_UNSAFE,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/** One top-level key a line, each with a JSON value: readable by people, and by a guest with nothing but sed. */
export function yamlDocument(keys: { readonly [key: string]: Json }): string {
  return Object.entries(keys)
    .map(([key, value]) => `${key}: ${yamlScalar(value)}\n`)
    .join('');
}

function check(valid: boolean, message: string, hint = ''): void {
  if (!valid) throw new MediaError('seed_invalid_input', message, hint);
}

function checkInput(input: NoCloudInput): void {
  const { passwordHash, progressPort, network } = input;
  check(
    input.instanceId !== '' && !CONTROL.test(input.instanceId),
    'The instance id is not usable.',
  );
  check(
    HOST_NAME.test(input.hostname),
    `"${input.hostname}" is not a host name.`,
    'Use letters, digits and hyphens, at most 63 characters between dots.',
  );
  check(
    USER_NAME.test(input.user) && input.user !== 'root',
    `"${input.user}" cannot be the name of the administrator.`,
    'Use lower-case letters, digits, hyphens and underscores, begin with a letter, and choose another name than root.',
  );
  check(
    passwordHash === undefined || CRYPT_HASH.test(passwordHash),
    'The password hash is not one of crypt(3).',
  );
  for (const key of input.sshKeys ?? []) {
    check(key.trim() !== '' && !CONTROL.test(key.trim()), 'An SSH key must be one line of text.');
  }
  check(
    progressPort === undefined || PORT_NAME.test(progressPort),
    'The name of the progress port is not usable.',
  );
  check(
    network === undefined || MAC_ADDRESS.test(network.mac),
    `"${network?.mac}" is not a MAC address.`,
  );
}

/** A command that reports to the host in the background, as a port with no listener would block its writer for ever. */
function reportCommand(port: string, phase: string, percent: number, message: string): Json {
  const device = `/dev/virtio-ports/${port}`;
  const fields = `"phase":"${phase}","pct":${percent},"message":"${message}"`;
  const write = `[ ! -e ${device} ] || printf '{${fields},"t":%s}\\n' "$(cut -d' ' -f1 /proc/uptime)" >${device}`;
  const quoted = write.replaceAll("'", `'\\''`);
  return ['sh', '-c', `timeout 60 sh -c '${quoted}' </dev/null >/dev/null 2>&1 &`];
}

function firstBootFile({ firstBoot }: NoCloudInput): { write_files?: Json } {
  if (firstBoot === undefined) return {};
  const content = Buffer.from(firstBoot).toString('base64');
  const file = { path: FIRST_BOOT_PATH, permissions: '0700', encoding: 'b64', content };
  return { write_files: [file] };
}

/** Where `/bin/sh` is a link to another shell, the script does not care which. */
function firstBootCommands({ firstBoot, progressPort }: NoCloudInput): Json[] {
  if (firstBoot === undefined) return [];
  const port = progressPort === undefined ? '/dev/null' : `/dev/virtio-ports/${progressPort}`;
  return [
    ['sh', FIRST_BOOT_PATH, port],
    ['rm', '-f', FIRST_BOOT_PATH],
  ];
}

function userData(input: NoCloudInput): string {
  const port = input.progressPort;
  const report = (phase: string, percent: number, message: string): Json[] =>
    port === undefined ? [] : [reportCommand(port, phase, percent, message)];
  const password = input.passwordHash;
  const keys = (input.sshKeys ?? []).map((key) => key.trim());
  const user = {
    name: input.user,
    gecos: input.user,
    shell: '/bin/bash',
    sudo: 'ALL=(ALL) NOPASSWD:ALL',
    lock_passwd: password === undefined,
    ...(password === undefined ? {} : { passwd: password }),
    ...(keys.length === 0 ? {} : { ssh_authorized_keys: keys }),
  };
  const boot = report('boot', 10, 'cloud-init has started');
  const document = yamlDocument({
    hostname: input.hostname,
    manage_etc_hosts: 'localhost',
    users: [user],
    ssh_pwauth: password !== undefined,
    disable_root: true,
    // Images without the locales package report an error for every other value; older schemas want a string.
    locale: 'false',
    package_update: false,
    ...(boot.length === 0 ? {} : { bootcmd: boot }),
    ...firstBootFile(input),
    runcmd: [
      ...firstBootCommands(input),
      ...report('ready', 100, 'cloud-init has finished'),
      ['sh', '-c', ENABLE_AGENT],
    ],
  });
  return `#cloud-config\n${document}`;
}

/**
 * Version 2 network configuration. The card is matched by its address and named, as
 * cloud-init 22's networkd renderer ignores a match by name and writes the key as the name to match.
 */
function networkConfig(mac: string): string {
  const match = { macaddress: mac.toLowerCase() };
  return yamlDocument({
    version: 2,
    ethernets: { eth0: { match, 'set-name': 'eth0', dhcp4: true, dhcp6: true, optional: true } },
  });
}

/** The files of a NoCloud seed: `user-data`, `meta-data` and, with `network`, `network-config`. Throws {@link MediaError} `seed_invalid_input`. */
export function buildNoCloudFiles(input: NoCloudInput): IsoFile[] {
  checkInput(input);
  const files: IsoFile[] = [
    {
      name: 'meta-data',
      content: yamlDocument({ 'instance-id': input.instanceId, 'local-hostname': input.hostname }),
    },
    { name: 'user-data', content: userData(input) },
  ];
  if (input.network !== undefined) {
    files.push({ name: 'network-config', content: networkConfig(input.network.mac) });
  }
  return files;
}

/** The same as an ISO image with the label `cidata`. */
export function buildNoCloudSeed(input: NoCloudInput): Buffer {
  return buildIso9660({ volumeLabel: 'cidata', files: buildNoCloudFiles(input) });
}
