import { METADATA_NAMESPACE, parseMetadata } from '../../src-main/core/domain/domain-metadata.ts';
import { BerthError } from '../../src-main/core/errors.ts';
import type { CallOptions, Hypervisor } from '../../src-main/core/ports/hypervisor.ts';
import type { MachineEditing } from '../../src-main/core/ports/machine-editing.ts';
import { NetworkingCalls } from './fake-filters.ts';
import type { FakeDomain, FakeHost } from './fake-host.ts';
import { disks } from './fake-xml.ts';

type Call = <T>(
  method: string,
  subject: string,
  options: CallOptions,
  act: () => T | Promise<T>,
) => Promise<T>;

/** The calls that change what is there, for FakeHypervisor to attach. */
export class EditingCalls extends NetworkingCalls implements MachineEditing {
  declare readonly domainDisks: MachineEditing['domainDisks'];
  declare readonly renameDomain: MachineEditing['renameDomain'];
  declare readonly setDomainTitle: MachineEditing['setDomainTitle'];
  declare readonly setDomainMark: MachineEditing['setDomainMark'];
  declare readonly setLiveCpus: MachineEditing['setLiveCpus'];
  declare readonly setLiveMemory: MachineEditing['setLiveMemory'];
  declare readonly growLiveDisk: MachineEditing['growLiveDisk'];
  declare readonly growVolume: MachineEditing['growVolume'];
  declare readonly readVolume: Hypervisor['readVolume'];
  declare readonly copyVolume: Hypervisor['copyVolume'];
  declare readonly attachDisk: MachineEditing['attachDisk'];
  declare readonly attachLiveDisk: MachineEditing['attachLiveDisk'];
  declare readonly detachDisk: MachineEditing['detachDisk'];
  declare readonly detachLiveDisk: MachineEditing['detachLiveDisk'];
  declare readonly leftFiles: Hypervisor['leftFiles'];
  declare readonly removeLeftFile: Hypervisor['removeLeftFile'];
  declare readonly sendKeys: Hypervisor['sendKeys'];
  /** Keys that were pressed, of all machines. */
  readonly keys: number[] = [];

  protected override attach(host: FakeHost, call: Call): void {
    super.attach(host, call);
    Object.assign(this, fakeEditing(host, call), fakeFiles(host, call));
    Object.assign(this, fakeKeyboard(host, call, this.keys));
  }
}

/** Firmware settings are filed by a domain's name, a TPM's state by its UUID. */
function fakeFiles(host: FakeHost, call: Call): Pick<Hypervisor, 'leftFiles' | 'removeLeftFile'> {
  return {
    leftFiles: ({ uuid, name }, options = {}) =>
      call('leftFiles', uuid, options, () =>
        [...host.leftFiles].flatMap(([path, { of, kind, modifiedAt }]) =>
          of === (kind === 'tpm' ? uuid : name) ? [{ path, kind, modifiedAt }] : [],
        ),
      ),
    removeLeftFile: (_, path) =>
      call('removeLeftFile', path, {}, () => void host.leftFiles.delete(path)),
  };
}

function fakeKeyboard(host: FakeHost, call: Call, keys: number[]): Pick<Hypervisor, 'sendKeys'> {
  return {
    sendKeys: (uuid, pressed, options = {}) =>
      call('sendKeys', uuid, options, () => {
        const power = host.domains.get(uuid)?.power;
        if (power === undefined) throw new BerthError('domain_missing', `no domain '${uuid}'`);
        if (power === 'off') throw new BerthError('domain_inactive', 'domain is not running');
        keys.push(...pressed);
      }),
  };
}

/** A definition changes nothing of what runs. */
export function stillRunning(old: FakeDomain | undefined): Partial<FakeDomain> {
  if (old === undefined || old.power === 'off') return {};
  const { power, live, vcpus, memoryBytes } = old;
  return { power, live: live ?? { vcpus, memoryBytes } };
}

function fakeEditing(
  host: FakeHost,
  call: Call,
): MachineEditing & Pick<Hypervisor, 'readVolume' | 'copyVolume'> {
  const domain = (uuid: string): FakeDomain => {
    const found = host.domains.get(uuid);
    if (found === undefined) throw new BerthError('domain_missing', `no domain '${uuid}'`);
    return found;
  };
  const live = (uuid: string, wanted: number, size: 'vcpus' | 'memoryBytes'): void => {
    const one = domain(uuid);
    if (one.power !== 'running') throw new BerthError('domain_inactive', 'domain is not running');
    if (wanted > (one.live ?? one)[size])
      throw new BerthError('operation_invalid', 'more than the maximum');
  };
  const grow = (matches: (path: string, pool: string, name: string) => boolean, bytes: number) => {
    for (const [pool, { volumes }] of host.pools) {
      for (const [name, { facts }] of volumes) {
        if (matches(facts.path, pool, name)) facts.capacityBytes = bytes;
      }
    }
  };
  return {
    domainDisks: (uuid, options = {}) =>
      call('domainDisks', uuid, options, () => disks(domain(uuid).xml)),
    renameDomain: (uuid, name, options = {}) =>
      call('renameDomain', uuid, options, () => {
        const one = domain(uuid);
        if (one.power !== 'off') throw new BerthError('domain_active', 'the domain still runs');
        if ([...host.domains.values()].some((other) => other.name === name)) {
          throw new BerthError('domain_exists', `domain '${name}' already exists`);
        }
        one.name = name;
        host.emit({ kind: 'domain-defined', uuid, name });
      }),
    readVolume: (pool, name, { offset, length }, options = {}) =>
      call('readVolume', name, options, () => {
        const volume = host.pools.get(pool)?.volumes.get(name);
        if (volume === undefined) throw new BerthError('volume_missing', `no volume '${name}'`);
        return Buffer.concat(volume.content).subarray(offset, offset + length);
      }),
    copyVolume: (pool, spec, source, options = {}) =>
      call('copyVolume', spec.name, options, () => {
        const from = host.pools.get(source.pool)?.volumes.get(source.name);
        if (from === undefined)
          throw new BerthError('volume_missing', `no volume '${source.name}'`);
        const copy = host.addVolume(pool, spec.name, spec.capacityBytes, spec.format);
        copy.content.push(...from.content);
        copy.facts.allocationBytes = from.facts.allocationBytes;
        return { volume: copy.facts, dropped: [] };
      }),
    setDomainTitle: (uuid, title, options = {}) =>
      call('setDomainTitle', uuid, options, () => {
        domain(uuid).title = title === '' ? null : title;
      }),
    setDomainMark: (uuid, xml, options = {}) =>
      call('setDomainMark', uuid, options, () => {
        const named = xml?.replace('<machine ', `<machine xmlns="${METADATA_NAMESPACE}" `);
        domain(uuid).metadata = named === undefined ? null : parseMetadata(named);
      }),
    setLiveCpus: (uuid, count, options = {}) =>
      call('setLiveCpus', uuid, options, () => live(uuid, count, 'vcpus')),
    setLiveMemory: (uuid, bytes, options = {}) =>
      call('setLiveMemory', uuid, options, () => live(uuid, bytes, 'memoryBytes')),
    growLiveDisk: (uuid, path, bytes, options = {}) =>
      call('growLiveDisk', uuid, options, () => grow((one) => one === path, bytes)),
    attachDisk: (uuid, xml, options = {}) =>
      call('attachDisk', uuid, options, () => {
        const one = domain(uuid);
        one.xml = one.xml.replace('</devices>', () => `${xml}</devices>`);
      }),
    attachLiveDisk: (uuid, xml, options = {}) =>
      call('attachLiveDisk', uuid, options, () => {
        const one = domain(uuid);
        one.liveDisks = [...(one.liveDisks ?? []), ...disks(xml).map(({ target }) => target)];
      }),
    detachDisk: (uuid, target, options = {}) =>
      call('detachDisk', uuid, options, () => {
        const one = domain(uuid);
        one.xml = one.xml.replace(/<disk [\s\S]*?<\/disk>/g, (text) =>
          disks(text)[0]?.target === target ? '' : text,
        );
      }),
    detachLiveDisk: (uuid, target, options = {}) =>
      call('detachLiveDisk', uuid, options, () => {
        const one = domain(uuid);
        one.liveDisks = one.liveDisks?.filter((disk) => disk !== target) ?? [];
      }),
    growVolume: (pool, name, bytes, options = {}) =>
      call('growVolume', name, options, () =>
        grow((_, inPool, called) => inPool === pool && called === name, bytes),
      ),
  };
}
