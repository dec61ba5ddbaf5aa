import type { Overrides } from '../../src-contract/model/create-request.ts';
import {
  cpuPolicySchema,
  hugepagesPolicySchema,
  type NetworkChoice,
} from '../../src-contract/model/template.ts';
import { parsePreset } from './department-options.ts';
import { parseSize } from './sizes.ts';
import { UsageError } from './usage-error.ts';

/** What `--set` says. `image` and `drivers` are names or ids of the media library, still to be looked up. */
export interface Settings {
  overrides: Overrides;
  image: string | null;
  /** Also `none`. */
  drivers: string | null;
}

/** Parses `--set cpus=2,memory=4GiB` values; later ones win, but each `extra-disk` is one more. */
export function parseSettings(values: readonly string[]): Settings {
  const settings: Settings = { overrides: {}, image: null, drivers: null };
  for (const pair of values.flatMap((value) => value.split(',')).filter(Boolean)) {
    const at = pair.indexOf('=');
    if (at <= 0) throw new UsageError(`--set takes key=value, not "${pair}".`);
    apply(settings, pair.slice(0, at).trim(), pair.slice(at + 1).trim());
  }
  return settings;
}

function apply(settings: Settings, key: string, value: string): void {
  const { overrides } = settings;
  if (value === '') throw new UsageError(`--set ${key} needs a value.`);
  switch (key) {
    case 'cpus':
      overrides.vcpus = parseCount(value);
      break;
    case 'memory':
      overrides.memoryBytes = parseSize(value);
      break;
    case 'disk':
      overrides.diskBytes = parseSize(value);
      break;
    case 'image':
      settings.image = value;
      break;
    case 'drivers':
      settings.drivers = value;
      break;
    case 'edition':
      overrides.edition = value;
      break;
    case 'network':
      overrides.network = parseNetwork(value);
      break;
    case 'filter':
      overrides.filter = { preset: parsePreset(value), rules: [] };
      break;
    case 'firmware':
      overrides.firmware = parseFirmware(value);
      break;
    case 'cpu-policy':
      overrides.cpuPolicy = oneOf(key, cpuPolicySchema.options, value);
      break;
    case 'hugepages':
      overrides.hugepages = oneOf(key, hugepagesPolicySchema.options, value);
      break;
    case 'extra-disk':
      overrides.extraDisks = [...(overrides.extraDisks ?? []), { capacityBytes: parseSize(value) }];
      break;
    default:
      throw new UsageError(
        `--set knows cpus, memory, disk, extra-disk, image, network, firmware, filter, cpu-policy, hugepages, edition and drivers, not "${key}".`,
      );
  }
}

function parseCount(text: string): number {
  const count = /^\d+$/.test(text) ? Number(text) : 0;
  if (count < 1 || count > 512)
    throw new UsageError(`"${text}" is not a number of CPUs (1 to 512).`);
  return count;
}

function parseNetwork(text: string): NetworkChoice {
  if (text === 'auto' || text === 'user' || text === 'none') return { kind: text };
  const bridge = /^bridge:(.+)$/.exec(text)?.[1];
  if (bridge === undefined) return { kind: 'network', name: text };
  if (bridge.length > 15) throw new UsageError(`"${bridge}" is too long for a bridge.`);
  return { kind: 'bridge', name: bridge };
}

function parseFirmware(text: string): 'bios' | 'uefi' | 'uefi-secure' {
  if (text === 'bios' || text === 'uefi' || text === 'uefi-secure') return text;
  throw new UsageError(`firmware is bios, uefi or uefi-secure, not "${text}".`);
}

function oneOf<T extends string>(key: string, choices: readonly T[], text: string): T {
  const choice = choices.find((one) => one === text);
  if (choice !== undefined) return choice;
  throw new UsageError(`${key} is ${choices.join(', ')}, not "${text}".`);
}
