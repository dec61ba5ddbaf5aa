import { column, element, field, isOneOf, names, numberOf, sorted, text, xml } from '../printed.ts';
import type { Host, Row } from '../row.ts';

const LIVE = 1;
const STATES: Readonly<Record<string, number>> = { running: 1, paused: 3, 'shut off': 5 };
const state = {
  read: async (host: Host) => (await (await host.domain()).getState()).state,
  virsh: 'domstate one',
  as: (printed: string) => STATES[text(printed)],
};
const snapshots = {
  read: async (host: Host) => sorted(await (await host.domain()).listAllSnapshots()),
  virsh: 'snapshot-list one --name',
  as: names,
};
const described = async (host: Host) => (await host.domain()).getXMLDesc();
const extra = (host: Host) =>
  `<disk type="file" device="disk"><driver name="qemu" type="raw"/><source file="${host.path('files/raw.img')}"/><target dev="vdb" bus="virtio"/></disk>`;
const disks = {
  read: async (host: Host) =>
    [...xml(await described(host)).matchAll(/<target bus="\w+" dev="(\w+)"/g)]
      .map(([, name]) => name)
      .sort(),
  virsh: 'domblklist one',
  as: column(0),
};
const onlyKeys = (printed: string, prefix: string) =>
  printed
    .split('\n')
    .map((line) => line.trim().split('='))
    .filter(([key = '']) => key.startsWith(prefix))
    .map(([key, value]) => [key, Number(value)]);

/** The same domain, running: QEMU stands behind it. */
export const liveRows: Row[] = [
  {
    name: 'snapshot: take one',
    ours: async (host) =>
      (await host.domain()).snapshotCreateXML('<domainsnapshot><name>a</name></domainsnapshot>'),
    ...snapshots,
    want: ['a'],
  },
  {
    name: 'snapshot: take one',
    theirs: 'snapshot-create-as one b',
    ...snapshots,
    want: ['a', 'b'],
  },
  {
    name: 'snapshot: the current one',
    read: async (host) => (await (await host.domain()).snapshotCurrent()).name,
    virsh: 'snapshot-current one --name',
    as: text,
    want: 'b',
  },
  {
    name: 'snapshot: its parent',
    read: async (host) =>
      (await (await (await host.domain()).snapshotLookupByName('b')).getParent()).name,
    virsh: 'snapshot-parent one b',
    as: text,
    want: 'a',
  },
  {
    name: 'snapshot: description',
    read: async (host) =>
      xml(await (await (await host.domain()).snapshotLookupByName('b')).getXMLDesc()),
    virsh: 'snapshot-dumpxml one b',
    as: xml,
  },
  {
    name: 'snapshot: go back',
    ours: async (host) => (await (await host.domain()).snapshotLookupByName('a')).revert(),
    read: async (host) => (await (await host.domain()).snapshotCurrent()).name,
    virsh: 'snapshot-current one --name',
    as: text,
    want: 'a',
  },
  {
    name: 'snapshot: delete',
    ours: async (host) => (await (await host.domain()).snapshotLookupByName('b')).delete(),
    ...snapshots,
    want: ['a'],
  },
  {
    name: 'snapshot: delete',
    theirs: 'snapshot-delete one a',
    ...snapshots,
    want: [],
  },
  {
    name: 'domain: start',
    ours: async (host) => (await host.domain()).create(),
    ...state,
    want: 1,
  },
  {
    name: 'domain: number',
    read: async (host) => (await host.domain()).id,
    virsh: 'domid one',
    as: Number,
  },
  {
    name: 'domain: found by its number',
    read: async (host) => (await host.connection.domainLookupByID((await host.domain()).id)).name,
    virsh: 'list --name',
    as: text,
    want: 'one',
  },
  {
    name: 'domain: pause',
    ours: async (host) => (await host.domain()).suspend(),
    ...state,
    want: 3,
  },
  { name: 'domain: go on', theirs: 'resume one', ...state, want: 1 },
  { name: 'domain: pause', theirs: 'suspend one', ...state, want: 3 },
  {
    name: 'domain: description while it runs',
    read: async (host) => xml(await described(host)),
    virsh: 'dumpxml one',
    as: xml,
  },
  {
    name: 'domain: differs from what is stored',
    read: async (host) => (await host.domain()).isUpdated(),
    virsh: 'list --name --state-paused',
    as: (printed) => text(printed) !== 'one',
    want: false,
  },
  {
    name: 'domain: attach a disk while it runs',
    ours: async (host) => (await host.domain()).attachDeviceFlags(extra(host), LIVE),
    ...disks,
    want: ['vda', 'vdb'],
  },
  {
    name: 'domain: size of a disk',
    read: async (host) => (await (await host.domain()).getBlockInfo('vdb')).capacity,
    virsh: 'domblkinfo one vdb',
    as: numberOf('Capacity'),
    want: 4_194_304,
  },
  {
    name: 'domain: bytes read of a disk',
    read: async (host) => Number((await (await host.domain()).blockStats('vda')).rdBytes),
    virsh: 'domblkstat one vda',
    as: (printed) => Number(/rd_bytes (\d+)/.exec(printed)?.[1]),
  },
  {
    name: 'domain: grow a disk',
    ours: async (host) => (await host.domain()).blockResize('vda', 20 << 20, 1),
    read: async (host) => (await (await host.domain()).getBlockInfo('vda')).capacity,
    virsh: 'domblkinfo one vda',
    as: numberOf('Capacity'),
    want: 20 << 20,
  },
  {
    name: 'domain: state in bulk',
    read: async ({ connection }) => {
      const [stats] = await connection.getAllDomainStats([], 1);
      return Object.entries(stats?.params ?? {});
    },
    virsh: 'domstats one --state',
    as: (printed) => onlyKeys(printed, 'state.'),
    want: [
      ['state.state', 3],
      ['state.reason', 1],
    ],
  },
  {
    name: 'domain: period of memory statistics',
    theirs: 'dommemstat one --period 7 --live',
    read: async (host) => element('stats', 'period')(await described(host)),
    virsh: 'dumpxml one',
    as: element('stats', 'period'),
    want: '7',
  },
  {
    name: 'domain: weight of processors while it runs',
    ours: async (host) =>
      (await host.domain()).setSchedulerParametersFlags(
        [{ field: 'cpu_shares', type: 'ullong', value: 2048n }],
        LIVE,
      ),
    read: async (host) => element('shares')(await described(host)),
    virsh: 'dumpxml one',
    as: element('shares'),
    want: '2048',
  },
  {
    name: 'domain: ask QEMU',
    read: async (host) =>
      JSON.parse(await (await host.domain()).qemuMonitorCommand('{"execute":"query-status"}'))
        .return,
    virsh: `qemu-monitor-command one '{"execute":"query-status"}'`,
    as: (printed) => JSON.parse(printed).return,
  },
  {
    name: 'domain: its jobs',
    read: async (host) => (await (await host.domain()).getJobStats()).type,
    virsh: 'domjobinfo one',
    as: (printed) => (field('Job type')(printed) === 'None' ? 0 : printed),
    want: 0,
  },
  {
    name: 'domain: its addresses',
    read: async (host) => (await host.domain()).interfaceAddresses(0),
    virsh: 'domifaddr one',
    as: names,
    want: [],
  },
  {
    name: 'domain: save it',
    ours: async (host) => (await host.domain()).managedSave(),
    read: async (host) => (await host.domain()).hasManagedSaveImage(),
    virsh: 'dominfo one',
    as: isOneOf('Managed save', 'yes'),
    want: true,
  },
  {
    name: 'domain: start it from what was saved',
    theirs: 'start one',
    read: async (host) => (await host.domain()).hasManagedSaveImage(),
    virsh: 'dominfo one',
    as: isOneOf('Managed save', 'yes'),
    want: false,
  },
  {
    name: 'domain: save it to a file',
    ours: async (host) => (await host.domain()).saveFlags(host.path('files/saved')),
    ...state,
    want: 5,
  },
  { name: 'domain: restore it', theirs: 'restore %DIR%/files/saved --running', ...state, want: 1 },
  {
    name: 'domain: kill it',
    ours: async (host) => (await host.domain()).destroy(),
    ...state,
    want: 5,
  },
  {
    name: 'domain: forget it',
    theirs: 'undefine one',
    read: async ({ connection }) => sorted(await connection.listAllDomains()),
    virsh: 'list --all --name',
    as: names,
    want: [],
  },
];
