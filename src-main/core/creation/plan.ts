import type { CreateInput } from '../../../src-contract/model/create-request.ts';
import type { Finding } from '../../../src-contract/model/error.ts';
import type { Plan, PlannedResource } from '../../../src-contract/model/plan.ts';
import type { Template } from '../../../src-contract/model/template.ts';
import { buildDomainXml } from '../domain/domain-xml.ts';
import { type MachinePaths, type MachineSpec, NO_PATHS } from '../domain/machine-spec.ts';
import { domainNameFor, nameKey } from '../domain/naming.ts';
import { wishOf } from '../domain/request.ts';
import { diskNeed, formatBytes } from '../domain/resources.ts';
import { BerthError } from '../errors.ts';
import type { CheckInput } from './checks/check-input.ts';
import { unclaimedMemory } from './checks/compute.ts';
import { availableBytes } from './checks/disk.ts';
import { guestUser } from './checks/login.ts';
import { quotaAfter } from './checks/quota.ts';
import { checkInputOf } from './claims.ts';
import type { Shared } from './context.ts';
import { factsFor, gatherFacts } from './facts.ts';
import { machineFilters } from './filters.ts';
import { placeMachine } from './placement.ts';
import { besideOthers, timesMany } from './plan-many.ts';
import { MASK, maskedSeed } from './plan-seed.ts';
import { acceptedNotes, checkForm, checkHost, type FormSecrets } from './preflight.ts';
import { FACTS_LIMIT } from './prepare.ts';
import { randomMac, resolveSpec } from './resolve.ts';
import type { CreationDeps } from './service.ts';
import { hasDisplayPassword } from './stages/xml.ts';
import { within } from './timing.ts';

/** The receipt is asked for with each change of the form, and reading a pool again opens each image in it. */
const SPACE_MAX_AGE_MS = 10_000;

/** The receipt. Looks at the host and changes nothing. */
export async function planCreation(
  shared: Shared,
  input: CreateInput,
  secrets: FormSecrets,
  signal?: AbortSignal,
  /** Of several machines that are asked for at once. */
  names: readonly string[] = [],
): Promise<Plan> {
  const { deps } = shared;
  const template = deps.templates().find(({ id }) => id === input.templateId) ?? null;
  const self = deps.system.userName();
  const form = checkForm(input, template, { ...secrets, self });
  if (template === null) return emptyPlan(form, null);
  const wish = wishOf(input, template);
  const { hasPassword } = secrets;
  const count = Math.max(names.length, 1);
  try {
    const facts = await within(deps.clock, { ...FACTS_LIMIT, ...(signal && { signal }) }, (inner) =>
      gatherFacts(deps, {
        ...factsFor(wish),
        signal: inner,
        kvmFailure: shared.kvmFailure,
        spaceMaxAgeMs: SPACE_MAX_AGE_MS,
      }),
    );
    const user = guestUser(input, template, self);
    const check = checkInputOf(deps, { wish, user, hasPassword, facts, creationId: null, count });
    const last = besideOthers(check);
    const findings = [...form, ...checkHost(last)];
    const plan = receipt(deps, last, findings, secrets.productKey !== null);
    return count > 1 ? timesMany(plan, names, deps.config.slots) : plan;
  } catch (error) {
    if (signal?.aborted || !(error instanceof BerthError)) throw error;
    return emptyPlan([...form, findingOf(error)], template);
  }
}

function findingOf({ code, message, hint, fix }: BerthError): Finding {
  return { code, severity: 'error', message, ...(hint && { hint }), ...(fix && { fix }) };
}

/** What can be said without a host. */
function emptyPlan(findings: Finding[], template: Template | null): Plan {
  return {
    findings,
    resources: [],
    undo: [],
    domainXml: null,
    seed: [],
    estimate: { seconds: template?.typicalSeconds ?? 0, basis: 'template' },
    disk: { now: 0, worst: 0, available: null },
    memory: { needed: template?.memoryBytes ?? 0, hostTotal: 0, leftAfter: 0 },
    quota: null,
    names: [],
    network: '',
    accelerator: 'tcg',
  };
}

function receipt(
  deps: CreationDeps,
  check: CheckInput,
  findings: Finding[],
  hasProductKey: boolean,
): Plan {
  const { wish, facts, claims } = check;
  const spec = sampleSpec(deps, check, findings);
  const history = deps.store.creations.typicalSeconds(wish.template.id);
  const resources = plannedResources(check, spec, plannedFilters(deps, check, spec));
  return {
    findings,
    resources,
    undo: resources.toReversed().map(undoText),
    ...preview(deps, check, { spec, findings, hasProductKey }),
    estimate: {
      seconds: history ?? wish.template.typicalSeconds,
      basis: history === null ? 'template' : 'history',
    },
    disk: { ...diskNeed(wish), available: availableBytes(facts) },
    memory: {
      needed: wish.memoryBytes,
      hostTotal: facts.host.memoryBytes,
      leftAfter: unclaimedMemory(facts, claims) - wish.memoryBytes,
    },
    quota: quotaAfter(check),
    names: [],
    network: networkText(spec),
    accelerator: spec.accelerator,
  };
}

/** The specification as it would be; ids and the MAC address of the real one will differ. */
function sampleSpec(deps: CreationDeps, check: CheckInput, findings: Finding[]): MachineSpec {
  const { wish, facts, claims } = check;
  const taken = new Set([
    ...facts.domains.map(({ name }) => nameKey(name)),
    ...claims.machines.map(({ domainName }) => nameKey(domainName)),
  ]);
  const identity = {
    machineId: deps.ids.uuid(),
    creationId: deps.ids.uuid(),
    domainUuid: deps.ids.uuid(),
    domainName: domainNameFor(wish.input.name, (name) => taken.has(nameKey(name))),
  };
  return resolveSpec({
    identity,
    wish,
    user: check.user,
    image: check.image,
    drivers: check.drivers,
    facts,
    notes: acceptedNotes(findings),
    mac: randomMac(deps.ids),
    config: deps.config,
    placement: placeMachine({ wish, facts, cpus: claims.cpus }),
    departmentNetwork: check.departmentNetwork,
    filter: machineFilters(deps, identity.machineId, wish.input).at(-1)?.name ?? null,
  });
}

function plannedFilters(
  deps: CreationDeps,
  { facts, wish }: CheckInput,
  { nic, machineId }: MachineSpec,
): PlannedResource[] {
  if (nic.filter === null) return [];
  const known = facts.filters ?? [];
  return machineFilters(deps, machineId, wish.input)
    .filter(({ name }) => !known.includes(name))
    .map(({ name, policy }) => {
      const rules = policy.rules.length === 0 ? '' : ` and ${policy.rules.length} rules`;
      return { kind: 'nwfilter', name, detail: `Preset “${policy.preset}”${rules}` };
    });
}

function plannedResources(
  { facts, image }: CheckInput,
  spec: MachineSpec,
  filters: readonly PlannedResource[],
): PlannedResource[] {
  const resources = [...filters];
  const volume = (name: string, detail: string) => resources.push({ kind: 'volume', name, detail });
  if (facts.pool === null) {
    resources.push({ kind: 'pool', name: spec.pool, detail: `Folder ${facts.poolPath}` });
  }
  if (spec.disk) {
    const base = spec.disk.backing && image ? `, on the image “${image.name}”` : '';
    volume(spec.disk.volume, `Disk, up to ${formatBytes(spec.diskBytes)}${base}`);
  }
  for (const { volume: name, capacityBytes } of spec.extraDisks) {
    volume(name, `Another disk, up to ${formatBytes(capacityBytes)}`);
  }
  if (spec.directBoot) {
    const owner = spec.installer ? 'installer' : 'try-out guest';
    volume(spec.directBoot.kernelVolume, `Kernel of the ${owner}`);
    volume(spec.directBoot.initrdVolume, 'Its memory disk');
  }
  if (spec.seedVolume) volume(spec.seedVolume, 'Seed medium, destroyed when the guest is ready');
  const memory = formatBytes(spec.memoryBytes);
  const detail = `${spec.vcpus} CPUs, ${memory}, ${spec.firmware}, ${networkText(spec)}`;
  resources.push({ kind: 'domain', name: spec.domainName, detail });
  return resources;
}

function undoText({ kind, name }: PlannedResource): string {
  if (kind === 'domain') return `Switch off and undefine the domain ${name}`;
  if (kind === 'nwfilter') return `Undefine the network filter ${name}`;
  if (kind === 'pool') return `Remove the pool ${name} if nothing else is in it`;
  return `Delete the ${kind} ${name}`;
}

function networkText({ network }: MachineSpec): string {
  if (network.kind === 'network') return `Network “${network.name}”`;
  if (network.kind === 'bridge') return `Bridge “${network.name}”`;
  return network.kind === 'user' ? 'User-mode networking' : 'No network';
}

/** The files that would be written, where the request makes sense at all. */
function preview(
  deps: CreationDeps,
  check: CheckInput,
  {
    spec,
    findings,
    hasProductKey,
  }: { spec: MachineSpec; findings: Finding[]; hasProductKey: boolean },
): Pick<Plan, 'domainXml' | 'seed'> {
  // Without its image it would be another machine.
  if (needsMedium(check) && check.image === null) {
    return { domainXml: null, seed: [] };
  }
  try {
    const displayPassword = hasDisplayPassword(spec) ? MASK : null;
    const paths = expectedPaths(spec, check.facts.poolPath);
    return {
      domainXml: buildDomainXml(spec, paths, { displayPassword }),
      seed: maskedSeed(deps, spec, check, hasProductKey),
    };
  } catch (error) {
    if (findings.some(({ severity }) => severity === 'error')) return { domainXml: null, seed: [] };
    throw error;
  }
}

function expectedPaths(spec: MachineSpec, folder: string): MachinePaths {
  const path = (name: string | null | undefined) => (name ? `${folder}/${name}` : null);
  return {
    ...NO_PATHS,
    disk: path(spec.disk?.volume),
    extraDisks: spec.extraDisks.map(({ volume }) => `${folder}/${volume}`),
    seed: path(spec.seedVolume),
    kernel: path(spec.directBoot?.kernelVolume),
    initrd: path(spec.directBoot?.initrdVolume),
    installer: path(spec.installer?.medium?.volume),
    virtioDrivers: path(spec.virtioDrivers?.volume),
  };
}

const needsMedium = ({ wish }: CheckInput): boolean =>
  wish.template.source.kind === 'image' || wish.template.source.kind === 'installer';
