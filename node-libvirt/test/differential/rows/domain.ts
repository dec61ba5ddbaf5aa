import {
  column,
  element,
  field,
  isOneOf,
  names,
  numberOf,
  sorted,
  table,
  text,
  xml,
} from '../printed.ts';
import type { Host, Row } from '../row.ts';

const KIBIBYTES = 65_536;
const CONFIG = 2;
const MAXIMUM = 4;
const URI = 'urn:node-libvirt:test';

const domainXML = (host: Host, name: string) => `<domain type="qemu"><name>${name}</name>
  <memory unit="KiB">${KIBIBYTES}</memory><vcpu>1</vcpu>
  <os><type arch="x86_64" machine="pc">hvm</type></os><features><acpi/></features>
  <devices>
    <disk type="file" device="disk"><driver name="qemu" type="qcow2"/><source file="${host.path('files/disk.qcow2')}"/><target dev="vda" bus="virtio"/></disk>
    <interface type="network"><mac address="52:54:00:00:00:01"/><source network="default"/><model type="virtio"/></interface>
    <console type="pty"/>
    <memballoon model="virtio"/>
  </devices></domain>`;
const cdrom = (host: Host) =>
  `<disk type="file" device="cdrom"><source file="${host.path('files/raw.img')}"/><target dev="hda" bus="ide"/><readonly/></disk>`;
const card =
  '<interface type="network"><mac address="52:54:00:00:00:02"/><source network="default"/><model type="e1000"/></interface>';

const domainNames = async ({ connection }: Host) => sorted(await connection.listAllDomains());
const list = { virsh: 'list --all --name', as: names };
const described = async (host: Host) => (await host.domain()).getXMLDesc(2);
const inactive = 'dumpxml one --inactive';
const disks = (source: string) =>
  [...xml(source).matchAll(/<target bus="\w+" dev="(\w+)"/g)].map(([, name]) => name).sort();
const cards = (source: string) =>
  [...xml(source).matchAll(/<mac address="([^"]+)"/g)].map(([, mac]) => mac).sort();
const uint = (name: string, value: number) => ({ field: name, type: 'uint', value }) as const;
const ullong = (name: string, value: bigint) => ({ field: name, type: 'ullong', value }) as const;
const withSpaces = (printed: string) => table(printed).map((row) => row.join(' '));

/** A domain that does not run, and everything that can be configured. */
export const domainRows: Row[] = [
  {
    name: 'domain: define',
    ours: (host) => host.connection.domainDefineXML(domainXML(host, 'one')),
    read: domainNames,
    ...list,
    want: ['one'],
  },
  {
    name: 'domain: define',
    theirs: async (host) => host.virsh(`define ${await host.file(domainXML(host, 'two'))}`),
    read: domainNames,
    ...list,
    want: ['one', 'two'],
  },
  {
    name: 'domain: description',
    read: async (host) => xml(await described(host)),
    virsh: inactive,
    as: xml,
  },
  {
    name: 'domain: UUID',
    read: async (host) => (await host.domain()).uuid,
    virsh: 'domuuid one',
    as: text,
  },
  {
    name: 'domain: kind of system',
    read: async (host) => (await host.domain()).getOSType(),
    virsh: 'dominfo one',
    as: field('OS Type'),
    want: 'hvm',
  },
  {
    name: 'domain: stored',
    read: async (host) => (await host.domain()).isPersistent(),
    virsh: 'dominfo one',
    as: isOneOf('Persistent', 'yes'),
    want: true,
  },
  {
    name: 'domain: state and reason',
    read: async (host) => Object.values(await (await host.domain()).getState()),
    virsh: 'domstate one --reason',
    as: (printed) => (text(printed) === 'shut off (unknown)' ? [5, 0] : printed),
    want: [5, 0],
  },
  {
    name: 'domain: autostart on',
    ours: async (host) => (await host.domain()).setAutostart(true),
    read: async (host) => (await host.domain()).getAutostart(),
    virsh: 'dominfo one',
    as: isOneOf('Autostart', 'enable'),
    want: true,
  },
  {
    name: 'domain: autostart off',
    theirs: 'autostart one --disable',
    read: async (host) => (await host.domain()).getAutostart(),
    virsh: 'dominfo one',
    as: isOneOf('Autostart', 'enable'),
    want: false,
  },
  {
    name: 'domain: rename',
    ours: async (host) => (await host.domain('two')).rename('second'),
    read: domainNames,
    ...list,
    want: ['one', 'second'],
  },
  {
    name: 'domain: rename',
    theirs: 'domrename second third',
    read: domainNames,
    ...list,
    want: ['one', 'third'],
  },
  {
    name: 'domain: most memory',
    ours: async (host) => (await host.domain()).setMemoryFlags(2 * KIBIBYTES, CONFIG | MAXIMUM),
    read: async (host) => (await (await host.domain()).getInfo()).maxMem,
    virsh: 'dominfo one',
    as: numberOf('Max memory'),
    want: 2 * KIBIBYTES,
  },
  {
    name: 'domain: memory',
    theirs: 'setmem one 96M --config',
    read: async (host) => (await (await host.domain()).getInfo()).memory,
    virsh: 'dominfo one',
    as: numberOf('Used memory'),
    want: 98_304,
  },
  {
    name: 'domain: most processors',
    ours: async (host) => (await host.domain()).setVcpusFlags(4, CONFIG | MAXIMUM),
    read: async (host) => (await host.domain()).getVcpusFlags(CONFIG | MAXIMUM),
    virsh: 'vcpucount one --maximum --config',
    as: Number,
    want: 4,
  },
  {
    name: 'domain: processors',
    theirs: 'setvcpus one 2 --config',
    read: async (host) => (await host.domain()).getVcpusFlags(CONFIG),
    virsh: 'vcpucount one --current --config',
    as: Number,
    want: 2,
  },
  {
    name: 'domain: say what it is',
    ours: async (host) => (await host.domain()).setMetadata(0, 'ours', null, null, CONFIG),
    read: async (host) => (await host.domain()).getMetadata(0),
    virsh: 'desc one --config',
    as: text,
    want: 'ours',
  },
  {
    name: 'domain: give it a title',
    theirs: 'desc one --title --config --new-desc theirs',
    read: async (host) => (await host.domain()).getMetadata(1),
    virsh: 'desc one --title --config',
    as: text,
    want: 'theirs',
  },
  {
    name: 'domain: metadata',
    ours: async (host) => (await host.domain()).setMetadata(2, '<a b="1"/>', 'x', URI, CONFIG),
    read: async (host) => xml(await (await host.domain()).getMetadata(2, URI)),
    virsh: `metadata one ${URI} --config`,
    as: xml,
  },
  {
    name: 'domain: metadata',
    theirs: `metadata one ${URI} --config --key x --set '<c>2</c>'`,
    read: async (host) => xml(await (await host.domain()).getMetadata(2, URI)),
    virsh: `metadata one ${URI} --config`,
    as: xml,
  },
  {
    name: 'domain: attach a disk',
    ours: async (host) => (await host.domain()).attachDeviceFlags(cdrom(host), CONFIG),
    read: async (host) => disks(await described(host)),
    virsh: 'domblklist one --inactive',
    as: column(0),
    want: ['hda', 'vda'],
  },
  {
    name: 'domain: detach a disk',
    theirs: 'detach-disk one hda --config',
    read: async (host) => disks(await described(host)),
    virsh: 'domblklist one --inactive',
    as: column(0),
    want: ['vda'],
  },
  {
    name: 'domain: attach a network card',
    theirs: async (host) => host.virsh(`attach-device one ${await host.file(card)} --config`),
    read: async (host) => cards(await described(host)),
    virsh: 'domiflist one --inactive',
    as: column(4),
    want: ['52:54:00:00:00:01', '52:54:00:00:00:02'],
  },
  {
    name: 'domain: pull a cable',
    ours: async (host) =>
      (await host.domain()).updateDeviceFlags(
        card.replace('<model', '<link state="down"/><model'),
        CONFIG,
      ),
    read: async (host) => element('link', 'state')(await described(host)),
    virsh: 'domif-getlink one 52:54:00:00:00:02 --config',
    as: (printed) => text(printed).split(' ').at(-1),
    want: 'down',
  },
  {
    name: 'domain: detach a network card',
    ours: async (host) => (await host.domain()).detachDeviceFlags(card, CONFIG),
    read: async (host) => cards(await described(host)),
    virsh: 'domiflist one --inactive',
    as: column(4),
    want: ['52:54:00:00:00:01'],
  },
  {
    name: 'domain: share of the processors',
    ours: async (host) =>
      (await host.domain()).setSchedulerParametersFlags([ullong('cpu_shares', 512n)], CONFIG),
    read: async (host) =>
      (await (await host.domain()).getSchedulerParametersFlags(CONFIG))['cpu_shares'],
    virsh: 'schedinfo one --config',
    as: numberOf('cpu_shares'),
    want: 512,
  },
  {
    name: 'domain: quota of the processors',
    theirs: 'schedinfo one --config --set vcpu_quota=50000',
    read: async (host) =>
      (await (await host.domain()).getSchedulerParametersFlags(CONFIG))['vcpu_quota'],
    virsh: 'schedinfo one --config',
    as: numberOf('vcpu_quota'),
    want: 50_000,
  },
  {
    name: 'domain: hard limit of memory',
    ours: async (host) =>
      (await host.domain()).setMemoryParameters([ullong('hard_limit', 400_000n)], CONFIG),
    read: async (host) => (await (await host.domain()).getMemoryParameters(CONFIG))['hard_limit'],
    virsh: 'memtune one --config',
    as: numberOf('hard_limit'),
    want: 400_000,
  },
  {
    name: 'domain: soft limit of memory',
    theirs: 'memtune one --config --soft-limit 300000',
    read: async (host) => (await (await host.domain()).getMemoryParameters(CONFIG))['soft_limit'],
    virsh: 'memtune one --config',
    as: numberOf('soft_limit'),
    want: 300_000,
  },
  {
    name: 'domain: weight of its disks',
    ours: async (host) => (await host.domain()).setBlkioParameters([uint('weight', 300)], CONFIG),
    read: async (host) => (await (await host.domain()).getBlkioParameters(CONFIG))['weight'],
    virsh: 'blkiotune one --config',
    as: numberOf('weight'),
    want: 300,
  },
  {
    name: 'domain: speed of a disk',
    ours: async (host) =>
      (await host.domain()).setBlockIoTune('vda', [ullong('total_iops_sec', 500n)], CONFIG),
    read: async (host) =>
      (await (await host.domain()).getBlockIoTune('vda', CONFIG))['total_iops_sec'],
    virsh: 'blkdeviotune one vda --config',
    as: numberOf('total_iops_sec'),
    want: 500,
  },
  {
    name: 'domain: speed of a disk',
    theirs: 'blkdeviotune one vda --config --total-bytes-sec 1048576 --total-iops-sec 0',
    read: async (host) =>
      (await (await host.domain()).getBlockIoTune('vda', CONFIG))['total_bytes_sec'],
    virsh: 'blkdeviotune one vda --config',
    as: numberOf('total_bytes_sec'),
    want: 1_048_576,
  },
  {
    name: 'domain: speed of a network card',
    ours: async (host) =>
      (await host.domain()).setInterfaceParameters(
        '52:54:00:00:00:01',
        [uint('inbound.average', 1_000)],
        CONFIG,
      ),
    read: async (host) => Number(element('inbound', 'average')(await described(host))),
    virsh: 'domiftune one 52:54:00:00:00:01 --config',
    as: numberOf('inbound.average'),
    want: 1_000,
  },
  {
    name: 'domain: pin a processor',
    ours: async (host) => (await host.domain()).pinVcpuFlags(0, [1], CONFIG),
    read: async (host) => element('vcpupin', 'cpuset')(await described(host)),
    virsh: 'vcpupin one 0 --config',
    as: (printed) => withSpaces(printed)[0]?.split(' ').at(-1),
    want: '1',
  },
  {
    name: 'domain: pin the emulator',
    theirs: 'emulatorpin one 0 --config',
    read: async (host) => element('emulatorpin', 'cpuset')(await described(host)),
    virsh: 'emulatorpin one --config',
    as: (printed) => withSpaces(printed)[0]?.split(' ').at(-1),
    want: '0',
  },
  {
    name: 'domain: what a crash leads to',
    theirs: 'set-lifecycle-action one crash preserve --config',
    read: async (host) => element('on_crash')(await described(host)),
    virsh: inactive,
    as: element('on_crash'),
    want: 'preserve',
  },
  {
    name: 'domain: what a reboot leads to',
    ours: async (host) => (await host.domain()).setLifecycleAction(1, 0, CONFIG),
    read: async (host) => element('on_reboot')(await described(host)),
    virsh: inactive,
    as: element('on_reboot'),
    want: 'destroy',
  },
  {
    name: 'domain: define anew, without limits',
    theirs: async (host) =>
      host.virsh(`undefine one; define ${await host.file(domainXML(host, 'one'))}`),
    read: async (host) => (await (await host.domain()).getInfo()).maxMem,
    virsh: 'dominfo one',
    as: numberOf('Max memory'),
    want: KIBIBYTES,
  },
  {
    name: 'domain: undefine',
    ours: async (host) => (await host.domain('third')).undefine(),
    read: domainNames,
    ...list,
    want: ['one'],
  },
];
