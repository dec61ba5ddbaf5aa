import type { Finding } from '../../../src-contract/model/error.ts';
import type { Gpu } from '../../../src-contract/model/gpu.ts';
import {
  gpuAddresses,
  groupBlockers,
  hostDriversOf,
  reportGpus,
  runningHolders,
} from '../domain/gpu.ts';
import type { MachineSpec } from '../domain/machine-spec.ts';
import { pciAddress, uniqueAddresses } from '../domain/pci.ts';
import type { Wish } from '../domain/request.ts';
import { formatBytes } from '../domain/resources.ts';
import type { GpuClaim } from '../ports/gpu-claims-repository.ts';
import type { CheckInput } from './checks/check-input.ts';
import type { Facts } from './facts.ts';
import type { CreationDeps } from './service.ts';

interface Choice {
  wish: Pick<Wish, 'input'>;
  facts: Pick<Facts, 'pci' | 'host' | 'domains'>;
  /** Of other machines. */
  claims: readonly GpuClaim[];
}

/** The cards as they stand for this request. */
function report({ facts, claims }: Choice): Gpu[] {
  if (facts.pci === null) return [];
  return reportGpus({
    pci: facts.pci,
    scope: facts.host.scope,
    claims: new Map(claims.map(({ address, machineId }) => [address, machineId])),
    running: runningHolders(facts.domains),
  });
}

/** Those that were asked for and are there. */
function chosenGpus(choice: Choice): Gpu[] {
  const cards = new Map(report(choice).map((gpu) => [gpu.address, gpu]));
  return uniqueAddresses(choice.wish.input.gpus).flatMap((address) => cards.get(address) ?? []);
}

export function checkGpus({ wish, facts, claims, count }: CheckInput): Finding[] {
  const wanted = uniqueAddresses(wish.input.gpus);
  if (wanted.length === 0) return [];
  const choice = { wish, facts, claims: claims.gpus };
  const cards = report(choice);
  const chosen = chosenGpus(choice);
  const missing = wanted.filter((address) => chosen.every((gpu) => gpu.address !== address));
  return [
    ...(count > 1 ? [ONLY_ONE] : []),
    ...missing.map((address) => missingFinding(address, cards)),
    ...chosen.flatMap((gpu) => gpuFindings(gpu, chosen)),
    ...assignedFindings(chosen, facts.domains),
    ...(chosen.length === 0 ? [] : [memoryFinding(wish)]),
  ];
}

const FIELD = 'gpus';

const ONLY_ONE: Finding = {
  code: 'gpu_in_use',
  severity: 'error',
  message: 'Several machines cannot have the same graphics card.',
  field: FIELD,
  fix: { action: 'set-field', label: 'Make one machine', field: 'count', value: 1 },
};

function missingFinding(address: string, cards: readonly Gpu[]): Finding {
  const card = cards.find(({ functions }) => functions.some((one) => one.address === address));
  const known = cards.map((gpu) => `${gpu.address} ${gpu.name}`).join(', ');
  return {
    code: 'gpu_missing',
    severity: 'error',
    message: card
      ? `${address} is a part of the graphics card ${card.address}.`
      : `There is no graphics card at ${address}.`,
    hint: card
      ? `Ask for ${card.address}: all its parts come along.`
      : known === ''
        ? 'libvirt knows no graphics card on this host.'
        : `This host has ${known}.`,
    field: FIELD,
  };
}

function gpuFindings(gpu: Gpu, chosen: readonly Gpu[]): Finding[] {
  const comes = new Set(chosen.flatMap(({ functions }) => functions.map(({ address }) => address)));
  const groupComes = groupBlockers(gpu).every(({ address }) => comes.has(address));
  const errors = gpu.obstacles
    .filter(({ code }) => code !== 'group_shared' || !groupComes)
    .map(
      ({ code, message, hint }): Finding => ({
        code: code === 'claimed' ? 'gpu_in_use' : 'gpu_obstacle',
        severity: 'error',
        message: `${gpu.name} (${gpu.address}) cannot be passed through. ${message}`,
        hint,
        field: FIELD,
      }),
    );
  const drivers = hostDriversOf(gpu.functions);
  if (errors.length > 0 || drivers.length === 0) return errors;
  return [
    {
      code: 'gpu_rebind',
      severity: 'info',
      message: `While the machine runs, libvirt takes ${gpu.name} (${gpu.address}) from the host’s driver ${drivers.join(', ')}.`,
      field: FIELD,
    },
  ];
}

/** Definitions of other tools claim nothing: two of them may name the same card, and one can run. */
function assignedFindings(chosen: readonly Gpu[], domains: Facts['domains']): Finding[] {
  const addresses = new Set(
    chosen.flatMap(({ functions }) => functions.map(({ address }) => address)),
  );
  return domains
    .filter(({ power }) => power === 'off' || power === 'crashed')
    .filter(({ hostDevices }) => hostDevices.some((address) => addresses.has(address)))
    .map(({ name }) => ({
      code: 'gpu_assigned',
      severity: 'warning',
      message: `The machine “${name}” is defined with the same graphics card; only one of them can run.`,
      field: FIELD,
    }));
}

/** The device reaches all of the guest's memory, so none of it can be swapped or lent. */
function memoryFinding({ memoryBytes }: Wish): Finding {
  return {
    code: 'gpu_memory',
    severity: 'info',
    message: `All of its memory (${formatBytes(memoryBytes)}) is taken when it starts and stays in RAM, as the graphics card reaches it directly.`,
    field: FIELD,
  };
}

/** Claims the cards with their whole groups, within the transaction that reserves the machine. Throws `gpu_in_use`. */
export function claimGpus(
  { store }: Pick<CreationDeps, 'store'>,
  { wish, facts }: Omit<Choice, 'claims'>,
  machineId: string,
): void {
  const others = store.gpuClaims.list().filter((one) => one.machineId !== machineId);
  const chosen = chosenGpus({ wish, facts, claims: others });
  // A card's own functions first: a card that shares its group would be counted with the other one.
  const own = chosen.flatMap((gpu) => gpuAddresses({ ...gpu, groupOthers: [] }));
  const claimed = [...own, ...chosen.flatMap(gpuAddresses)];
  const first = new Map(claimed.toReversed().map((one) => [one.address, one]));
  if (first.size > 0) store.gpuClaims.claim(machineId, [...first.values()]);
}

/** All functions of the chosen cards; a firmware file belongs to the function that displays. */
export function hostdevsOf({
  wish,
  facts,
}: Omit<Choice, 'claims'>): Pick<MachineSpec, 'hostdevs' | 'hiddenHypervisor'> {
  const { gpu } = wish.input.overrides;
  const roms = new Map((gpu?.roms ?? []).map(({ address, file }) => [pciAddress(address), file]));
  const chosen = chosenGpus({ wish, facts, claims: [] });
  return {
    hostdevs: chosen.flatMap(({ functions }) =>
      functions.map(({ address }) => ({ address, rom: roms.get(address) ?? null })),
    ),
    hiddenHypervisor: chosen.length > 0 && (gpu?.hideHypervisor ?? false),
  };
}
