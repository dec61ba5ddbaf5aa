import { ErrorCode } from 'node-libvirt';
import type { Fix } from '../../../src-contract/model/error.ts';

/** How one kind of libvirt's errors is told. A null message = say libvirt's own. */
export interface ErrorClass {
  readonly code: string;
  readonly message: string | null;
  readonly hint?: string;
  readonly fix?: Fix;
  readonly retryable?: boolean;
}

interface TextRule {
  readonly pattern: RegExp;
  /** Only with these of libvirt's codes. */
  readonly codes?: readonly number[];
  readonly toClass: (subject: string) => ErrorClass;
}

const { OPERATION_FAILED, OPERATION_INVALID, INTERNAL_ERROR, SYSTEM_ERROR } = ErrorCode;
const plain = (code: string, message: string | null, hint?: string) => (): ErrorClass => ({
  code,
  message,
  ...(hint !== undefined && { hint }),
});

/**
 * libvirt has few codes and says the rest in words. The daemon logs and answers in the language of
 * its own environment, which init systems leave at C. The first capture of a pattern is the subject.
 */
const TEXT_RULES: readonly TextRule[] = [
  {
    pattern:
      /could not access kvm kernel module|failed to initialize kvm|failed to initialize.*\bkvm\b|kvm: entry failed|KVM_(?:CREATE|GET|SET)_|accel(?:erator)? .?kvm.? (?:is )?not (?:supported|available|found)|kvm.*(?:internal error|hardware virtualization|not permitted)/i,
    toClass: plain(
      'kvm_broken',
      'KVM does not work on this host.',
      'Turn on virtualization in the firmware (or nested virtualization in a guest), load the module kvm_intel or kvm_amd, or create the machine without KVM.',
    ),
  },
  {
    pattern: /no space left on device|disk quota exceeded/i,
    toClass: plain(
      'disk_full',
      'The disk of the storage pool is full.',
      'Free some space, or use another pool.',
    ),
  },
  {
    pattern: /cannot allocate memory|cannot set up guest memory/i,
    toClass: plain(
      'memory_full',
      'The host has not enough free memory.',
      'Stop another machine, or give this one less memory.',
    ),
  },
  {
    pattern: /domain '(.*)' (?:already exists with uuid|is already (?:defined|being started))/i,
    toClass: (name) => ({
      code: 'domain_exists',
      message: `libvirt has a machine named “${name}” already.`,
      hint: 'Choose another name.',
    }),
  },
  {
    pattern: /storage volume '(.*)' exists already/i,
    toClass: (name) => ({
      code: 'volume_exists',
      message: `The volume “${name}” exists already.`,
      hint: 'Choose another name, or remove the file that is left over.',
    }),
  },
  {
    pattern: /no storage pool with matching (?:name|uuid) '(.*)'/i,
    toClass: (name) => ({ code: 'pool_missing', message: `There is no storage pool “${name}”.` }),
  },
  {
    pattern: /no storage vol with matching (?:name|key|path) '(.*)'/i,
    toClass: (name) => ({ code: 'volume_missing', message: `There is no volume “${name}”.` }),
  },
  {
    pattern: /no network with matching (?:name|uuid) '(.*)'/i,
    toClass: (name) => ({
      code: 'network_missing',
      message: `There is no network “${name}”.`,
      hint: 'Choose another network, or define it.',
    }),
  },
  {
    pattern: /no nwfilter with matching (?:name|uuid) '(.*)'/i,
    toClass: (name) => ({ code: 'filter_missing', message: `There is no filter “${name}”.` }),
  },
  {
    pattern: /referenced filter '(.*)' is missing/i,
    toClass: (name) => ({
      code: 'filter_missing',
      message: `There is no filter “${name}”.`,
      hint: 'libvirt’s own filters come with the package libvirt-daemon-config-nwfilter.',
    }),
  },
  {
    pattern: /filter (?:with same UUID|'(.*)' already exists)/i,
    toClass: plain('filter_exists', null),
  },
  {
    pattern: /nwfilter is in use/i,
    toClass: plain('filter_in_use', 'The filter is in use by a machine that runs.'),
  },
  {
    pattern:
      /network (?:'.*' already exists|is already (?:in use|active as))|bridge name '.*' already in use/i,
    toClass: plain('network_exists', null),
  },
  {
    pattern: /(?:storage )?pool '(.*)' already exists/i,
    codes: [OPERATION_FAILED],
    toClass: plain('pool_exists', null),
  },
  {
    pattern: /storage source conflict with pool/i,
    toClass: plain('pool_conflict', null, 'Another pool has the same folder: use that one.'),
  },
  {
    pattern:
      /volume '.*' is still (?:being allocated|in use)|is already locked|get "(?:write|consistent read)" lock/i,
    toClass: () => ({
      code: 'volume_busy',
      message: 'The volume is in use.',
      hint: 'Wait until the machine or the transfer that uses it has ended.',
      retryable: true,
    }),
  },
  {
    pattern: /network '(.*)' is not active/i,
    toClass: (network) => ({
      code: 'network_inactive',
      message: `The network “${network}” is not started.`,
      fix: { action: 'start-network', label: `Start the network “${network}”`, network },
    }),
  },
  {
    pattern: /storage pool '(.*)' is not active/i,
    toClass: (pool) => ({
      code: 'pool_inactive',
      message: `The storage pool “${pool}” is not started.`,
      fix: { action: 'start-pool', label: `Start the pool “${pool}”`, pool },
    }),
  },
  {
    pattern: /domain is not running|domain is not active/i,
    codes: [OPERATION_INVALID],
    toClass: plain('domain_inactive', 'The machine does not run.'),
  },
  {
    pattern: /domain is already (?:running|active)/i,
    codes: [OPERATION_INVALID],
    toClass: plain('domain_active', 'The machine runs already.'),
  },
  {
    pattern: /is already active/i,
    codes: [OPERATION_INVALID],
    toClass: plain('already_active', null),
  },
  {
    pattern:
      /unable to find '?swtpm|swtpm.*(?:not found|cannot)|tpm.*emulator.*(?:failed|not found)|could not start 'swtpm'/i,
    toClass: plain(
      'tpm_unavailable',
      'The host cannot emulate a TPM.',
      'Install swtpm (and swtpm-tools).',
    ),
  },
  {
    pattern:
      /unable to find any .*firmware|unable to find '?efi'? firmware|failed to find.*firmware/i,
    toClass: plain(
      'firmware_missing',
      'The host has no UEFI firmware of that kind.',
      'Install OVMF (on Debian: the package ovmf).',
    ),
  },
  {
    pattern: /cannot (?:check|find).*(?:qemu binary|emulator)|emulator .* not found/i,
    toClass: plain(
      'emulator_missing',
      'QEMU is not installed.',
      'Install QEMU: on Debian, qemu-system-x86.',
    ),
  },
  {
    pattern: /cannot access (?:storage file|backing file) '(.*)'.*no such file/i,
    toClass: (file) => ({
      code: 'volume_missing',
      message: `The disk file ${file} is missing.`,
      hint: 'It was moved or deleted outside Berth: put it back, or delete the machine.',
    }),
  },
  {
    pattern: /permission denied/i,
    codes: [SYSTEM_ERROR, INTERNAL_ERROR, OPERATION_FAILED],
    toClass: plain(
      'permission',
      'The host refuses access to a file or device.',
      'The user that QEMU runs as must be able to read the file and enter its folders.',
    ),
  },
  {
    pattern:
      /(?:process exited while connecting to monitor|unexpectedly closed the monitor)(?::\s*(.*))?/is,
    toClass: (output) => ({
      code: 'qemu_failed',
      message: `QEMU ended at once: ${lastLine(output)}`,
      hint: 'The log of the machine in /var/log/libvirt/qemu has all that QEMU said.',
    }),
  },
];

/** QEMU's warnings come before what made it give up. */
const lastLine = (output: string): string => output.trim().split('\n').at(-1) || 'it said nothing';

/** What the words of an error say, or null. */
export function classifyByText(text: string, code: number): ErrorClass | null {
  for (const { pattern, codes, toClass } of TEXT_RULES) {
    if (codes !== undefined && !codes.includes(code)) continue;
    const match = pattern.exec(text);
    if (match !== null) return toClass(match[1] ?? '');
  }
  return null;
}

const is = (code: string, message: string | null = null, more: Partial<ErrorClass> = {}) => ({
  code,
  message,
  ...more,
});
const DENIED = is('libvirt_denied', 'libvirt does not allow this user to do that.', {
  hint: 'A read-only connection or a polkit rule forbids it: ask the administrator of this host.',
});
const XML_INVALID = is('xml_invalid');
const UNSUPPORTED = is('unsupported');

const CODE_CLASSES: ReadonlyMap<number, ErrorClass> = new Map<number, ErrorClass>([
  [ErrorCode.NO_DOMAIN, is('domain_missing', 'The machine is not defined in libvirt any more.')],
  [ErrorCode.DOM_EXIST, is('domain_exists')],
  [ErrorCode.NO_STORAGE_POOL, is('pool_missing')],
  [ErrorCode.NO_STORAGE_VOL, is('volume_missing')],
  [ErrorCode.STORAGE_VOL_EXIST, is('volume_exists')],
  [ErrorCode.NO_NETWORK, is('network_missing')],
  [ErrorCode.NO_NWFILTER, is('filter_missing')],
  [ErrorCode.NO_NWFILTER_BINDING, is('binding_missing')],
  [ErrorCode.XML_ERROR, XML_INVALID],
  [ErrorCode.XML_DETAIL, XML_INVALID],
  [ErrorCode.XML_INVALID_SCHEMA, XML_INVALID],
  [ErrorCode.NO_SUPPORT, UNSUPPORTED],
  [ErrorCode.CONFIG_UNSUPPORTED, UNSUPPORTED],
  [ErrorCode.ARGUMENT_UNSUPPORTED, UNSUPPORTED],
  [ErrorCode.OPERATION_UNSUPPORTED, UNSUPPORTED],
  [ErrorCode.OPERATION_DENIED, DENIED],
  [ErrorCode.ACCESS_DENIED, DENIED],
  [ErrorCode.AUTH_FAILED, DENIED],
  [ErrorCode.AUTH_CANCELLED, DENIED],
  [ErrorCode.AUTH_UNAVAILABLE, DENIED],
  [
    ErrorCode.AGENT_UNRESPONSIVE,
    is('agent_unresponsive', 'The guest agent does not answer.', { retryable: true }),
  ],
  [
    ErrorCode.AGENT_UNSYNCED,
    is('agent_unresponsive', 'The guest agent does not answer.', { retryable: true }),
  ],
  [ErrorCode.OPERATION_TIMEOUT, is('timeout', null, { retryable: true })],
  [ErrorCode.RESOURCE_BUSY, is('busy', null, { retryable: true })],
  [ErrorCode.DEVICE_MISSING, is('device_missing')],
  [ErrorCode.NO_MEMORY, is('memory_full', 'The host has not enough free memory.')],
  [ErrorCode.NO_CONNECT, is('unsupported', 'libvirt on this host has no driver for QEMU.')],
]);

/** What the number of an error says, or null. */
export const classifyByCode = (code: number): ErrorClass | null => CODE_CLASSES.get(code) ?? null;
