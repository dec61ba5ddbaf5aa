import type { Finding } from '../../../src-contract/model/error.ts';
import type { Media } from '../../../src-contract/model/media.ts';
import { cpuMode, cpuTopology, hypervFeatures, nicQueues } from '../domain/guest-cpu.ts';
import { installerCmdline, installMode } from '../domain/installer.ts';
import type { MachineSpec } from '../domain/machine-spec.ts';
import { hostnameFor } from '../domain/naming.ts';
import { needsSeed, type Wish } from '../domain/request.ts';
import { computerNameFor } from '../domain/windows.ts';
import type { HostAbilities } from '../ports/hypervisor.ts';
import type { Ids } from '../ports/system.ts';
import { resolveNetwork } from './checks/network.ts';
import { unmetDemands } from './checks/windows.ts';
import type { Facts } from './facts.ts';
import { hostdevsOf } from './gpus.ts';
import type { Placement } from './placement.ts';
import type { CreationConfig } from './service.ts';

/** See the kernel's admin-guide/kernel-parameters; `berth.name` is read by the try-out guest itself. */
const TRYOUT_CMDLINE = 'console=ttyS0,115200 console=tty0 quiet loglevel=3 panic=-1';

/** Who the machine is; decided when it is reserved. */
export interface Identity {
  machineId: string;
  creationId: string;
  domainUuid: string;
  domainName: string;
}

interface ResolveInput {
  identity: Identity;
  wish: Wish;
  user: string | null;
  image: Media | null;
  /** The medium with virtio drivers for Windows. */
  drivers: Media | null;
  facts: Facts;
  notes: Finding[];
  /** See {@link randomMac}. */
  mac: string;
  config: CreationConfig;
  placement: Placement;
  departmentNetwork: string | null;
  /** Name of the machine's network filter; null = none. */
  filter: string | null;
}

/** A locally unique address in QEMU's and KVM's range 52:54:00. */
export function randomMac(ids: Ids): string {
  const tail = [...ids.bytes(3)].map((byte) => byte.toString(16).padStart(2, '0'));
  return ['52', '54', '00', ...tail].join(':');
}

/** Template, deviations and host become one full specification; nothing is left to be decided after it. */
export function resolveSpec(input: ResolveInput): MachineSpec {
  const { wish, facts, identity, config } = input;
  const { template } = wish;
  return {
    ...identity,
    departmentId: wish.input.departmentId,
    templateId: template.id,
    name: wish.input.name,
    hostname: hostname(input),
    osinfoId: template.os.osinfoId ?? null,
    osLabel: template.os.label,
    osFamily: template.os.family,
    vcpus: wish.vcpus,
    memoryBytes: wish.memoryBytes,
    diskBytes: wish.diskBytes,
    firmware: wish.firmware,
    tpm: template.tpm && !unmetDemands(wish, facts.abilities).tpm,
    audio: template.audio,
    ...compute(input),
    emulator: facts.abilities.emulator,
    mac: input.mac,
    ...nic(input),
    installer: installer(input),
    virtioDrivers: virtioDrivers(input),
    ...hostdevsOf(input),
    infiniService: template.infiniService,
    ...display(facts.abilities, wish),
    graphicsListen: config.graphicsListen,
    pool: config.pool,
    ...volumes(input),
    login: { user: input.user, sshKeys: wish.input.sshKeys.map((key) => key.trim()) },
    // Nobody knows when a person has finished.
    readiness: installMode(template, input.image) === 'manual' ? 'none' : template.readiness,
    notes: input.notes,
  };
}

function hostname({ wish, user }: ResolveInput): string {
  const name = hostnameFor(wish.input.name);
  return wish.template.os.family === 'windows' ? computerNameFor(name, user) : name;
}

/** An installation by hand could not load them before it sees a disk. */
function virtioDrivers({ wish, image, drivers }: ResolveInput): MachineSpec['virtioDrivers'] {
  if (drivers === null || installMode(wish.template, image) !== 'answered') return null;
  return { pool: drivers.pool, volume: drivers.volume };
}

type Compute = 'accelerator' | 'cpu' | 'pinning' | 'hugepages' | 'lockedMemory' | 'hyperv';

function compute({ wish, facts, placement }: ResolveInput): Pick<MachineSpec, Compute> {
  const { abilities } = facts;
  const accelerator = abilities.kvm.works ? 'kvm' : 'tcg';
  const { pinning, hugepages, lockedMemory } = placement;
  const family = { osFamily: wish.template.os.family, accelerator } as const;
  return {
    accelerator,
    cpu: {
      mode: cpuMode(accelerator, abilities.cpuModes),
      ...cpuTopology(wish.vcpus, pinning?.threads ?? 1),
    },
    pinning,
    hugepages,
    lockedMemory,
    hyperv: hypervFeatures(family, abilities.hyperv),
  };
}

function nic({
  wish,
  facts,
  departmentNetwork,
  filter,
}: ResolveInput): Pick<MachineSpec, 'network' | 'nic'> {
  const network = resolveNetwork(wish.network, facts.networks, departmentNetwork);
  const { kvm, vhostNet } = facts.abilities;
  const tap = network.kind === 'network' || network.kind === 'bridge';
  // An unprivileged daemon gets its tap device from a helper, ready made.
  const vhost = tap && kvm.works && vhostNet && facts.host.scope === 'system';
  const queues = nicQueues(wish.vcpus, vhost);
  const mtu = tap ? mtuOf(network, facts) : null;
  return { network, nic: { vhost, queues, mtu, filter: tap ? filter : null } };
}

const USUAL_MTU = 1500;

/** The guest sends no larger packets than its bridge takes, and no smaller ones than it could. */
function mtuOf(network: MachineSpec['network'], { networks, bridges }: Facts): number | null {
  if (network.kind !== 'network' && network.kind !== 'bridge') return null;
  const known = networks.find(({ name }) => name === network.name);
  const bridge = network.kind === 'bridge' ? network.name : known?.bridge;
  const mtu = bridges.find(({ name }) => name === bridge)?.mtu ?? USUAL_MTU;
  return mtu === USUAL_MTU ? null : mtu;
}

function display(
  abilities: HostAbilities,
  wish: Wish,
): Pick<MachineSpec, 'graphics' | 'spiceChannel' | 'video' | 'video3d'> {
  const spice = abilities.graphics.includes('spice');
  const vnc = abilities.graphics.includes('vnc');
  const wanted = wish.template.video;
  const video = abilities.videoModels.includes(wanted) ? wanted : 'vga';
  return {
    graphics: spice ? 'spice' : vnc ? 'vnc' : 'none',
    spiceChannel: spice && abilities.spiceChannel,
    video,
    video3d: wish.template.acceleration3d && abilities.video3d && video === 'virtio',
  };
}

function volumes({
  identity,
  wish,
  image,
}: ResolveInput): Pick<MachineSpec, 'disk' | 'extraDisks' | 'seedVolume' | 'directBoot'> {
  const name = identity.domainName;
  const mode = installMode(wish.template, image);
  const medium = image?.installer;
  // Debian's installer takes its answers from its initrd.
  const seedless = mode === 'manual' || (mode === 'kernel' && medium?.family === 'debian');
  const seedVolume = needsSeed(wish) && !seedless ? `${name}-seed.iso` : null;
  if (wish.template.source.kind === 'tryout') {
    const cmdline = `${TRYOUT_CMDLINE} berth.name=${hostnameFor(wish.input.name)}`;
    return { disk: null, extraDisks: [], seedVolume, directBoot: bootParts(name, cmdline) };
  }
  const backing = image?.kind === 'image' && {
    pool: image.pool,
    volume: image.volume,
    format: image.format,
  };
  const extraDisks = wish.extraDisks.map(({ capacityBytes }, index) => ({
    volume: `${name}-disk${index + 2}.qcow2`,
    capacityBytes,
  }));
  const disk = { volume: `${name}.qcow2`, backing: backing || null };
  const directBoot = mode === 'kernel' && medium ? bootParts(name, installerCmdline(medium)) : null;
  return { disk, extraDisks, seedVolume, directBoot };
}

const bootParts = (name: string, cmdline: string): MachineSpec['directBoot'] => ({
  kernelVolume: `${name}-kernel`,
  initrdVolume: `${name}-initrd`,
  cmdline,
});

function installer({ wish, image }: ResolveInput): MachineSpec['installer'] {
  const mode = installMode(wish.template, image);
  if (mode === null || image === null) return null;
  const medium = { pool: image.pool, volume: image.volume };
  return { medium, boot: mode === 'manual' ? 'medium' : mode };
}
