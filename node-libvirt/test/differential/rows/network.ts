import { Buffer } from 'node:buffer';
import { NetworkUpdateCommand, NetworkUpdateSection } from '../../../src/index.ts';
import { column, element, isOneOf, names, sorted, text, xml } from '../printed.ts';
import type { Host, Row } from '../row.ts';

const networkXML = (name: string, digit: number) =>
  `<network><name>${name}</name><bridge name="virbr${digit}"/><ip address="192.168.${digit}.1" netmask="255.255.255.0"><dhcp><range start="192.168.${digit}.2" end="192.168.${digit}.20"/></dhcp></ip></network>`;
const leaseHost = (last: number) =>
  `<host mac="52:54:00:00:00:0${last}" name="guest${last}" ip="192.168.77.${last}"/>`;
const networkNames = async ({ connection }: Host) => sorted(await connection.listAllNetworks());
const described = async (host: Host) => (await host.network()).getXMLDesc();
const hosts = (source: string) =>
  [...xml(source).matchAll(/<host [^>]*name="(\w+)"/g)].map(([, name]) => name);

const filterXML = (name: string, port: number) =>
  `<filter name="${name}" chain="root"><rule action="accept" direction="in"><tcp dstportstart="${port}"/></rule></filter>`;
const ourFilters = async ({ connection }: Host) =>
  sorted(await connection.listAllNWFilters()).filter((name) => name.startsWith('diff'));
const filters = {
  virsh: 'nwfilter-list',
  as: (printed: string) => column(1)(printed).filter((name) => name.startsWith('diff')),
};

const SECRET = '3f2b1d0c-0000-4000-8000-00000000000';
const secretXML = (digit: number) =>
  `<secret ephemeral="no" private="no"><uuid>${SECRET}${digit}</uuid><usage type="volume"><volume>/secret/${digit}</volume></usage></secret>`;
const secretIDs = async ({ connection }: Host) =>
  (await connection.listAllSecrets()).map(({ uuid }) => uuid).sort();
const secrets = { virsh: 'secret-list', as: column(0) };
const secretValue = async ({ connection }: Host) =>
  Buffer.from(await (await connection.secretLookupByUUID(`${SECRET}1`)).getValue()).toString();

export const networkRows: Row[] = [
  {
    name: 'network: define',
    ours: ({ connection }) => connection.networkDefineXML(networkXML('lab', 77)),
    read: networkNames,
    virsh: 'net-list --all --name',
    as: names,
    want: ['default', 'lab'],
  },
  {
    name: 'network: description',
    read: async (host) => xml(await described(host)),
    virsh: 'net-dumpxml lab',
    as: xml,
  },
  {
    name: 'network: UUID',
    read: async (host) => (await host.network()).uuid,
    virsh: 'net-uuid lab',
    as: text,
  },
  {
    name: 'network: start',
    ours: async (host) => (await host.network()).create(),
    read: async (host) => (await host.network()).isActive(),
    virsh: 'net-info lab',
    as: isOneOf('Active', 'yes'),
    want: true,
  },
  {
    name: 'network: bridge',
    read: async (host) => (await host.network()).getBridgeName(),
    virsh: 'net-dumpxml lab',
    as: element('bridge', 'name'),
    want: 'virbr77',
  },
  {
    name: 'network: autostart on',
    theirs: 'net-autostart lab',
    read: async (host) => (await host.network()).getAutostart(),
    virsh: 'net-info lab',
    as: isOneOf('Autostart', 'yes'),
    want: true,
  },
  {
    name: 'network: autostart off',
    ours: async (host) => (await host.network()).setAutostart(false),
    read: async (host) => (await host.network()).getAutostart(),
    virsh: 'net-info lab',
    as: isOneOf('Autostart', 'yes'),
    want: false,
  },
  {
    name: 'network: reserve an address',
    ours: async (host) => {
      const { ADD_LAST } = NetworkUpdateCommand;
      const { IP_DHCP_HOST } = NetworkUpdateSection;
      await (await host.network()).update(ADD_LAST, IP_DHCP_HOST, -1, leaseHost(3), 3);
    },
    read: async (host) => hosts(await described(host)),
    virsh: 'net-dumpxml lab',
    as: hosts,
    want: ['guest3'],
  },
  {
    name: 'network: reserve an address',
    theirs: `net-update lab add-last ip-dhcp-host '${leaseHost(4)}' --live --config`,
    read: async (host) => hosts(await described(host)),
    virsh: 'net-dumpxml lab',
    as: hosts,
    want: ['guest3', 'guest4'],
  },
  {
    name: 'network: leases',
    read: async (host) => (await host.network()).getDHCPLeases(),
    virsh: 'net-dhcp-leases lab',
    as: names,
    want: [],
  },
  {
    name: 'network: stop',
    theirs: 'net-destroy lab',
    read: async (host) => (await host.network()).isActive(),
    virsh: 'net-info lab',
    as: isOneOf('Active', 'yes'),
    want: false,
  },
  {
    name: 'network: undefine',
    ours: async (host) => (await host.network()).undefine(),
    read: networkNames,
    virsh: 'net-list --all --name',
    as: names,
    want: ['default'],
  },
  {
    name: 'network: define and start',
    theirs: async (host) => host.virsh(`net-create ${await host.file(networkXML('brief', 78))}`),
    read: async (host) => (await host.network('brief')).isPersistent(),
    virsh: 'net-info brief',
    as: isOneOf('Persistent', 'yes'),
    want: false,
  },
  {
    name: 'network: stop for good',
    ours: async (host) => (await host.network('brief')).destroy(),
    read: networkNames,
    virsh: 'net-list --all --name',
    as: names,
    want: ['default'],
  },
  {
    name: 'filter: define',
    ours: ({ connection }) => connection.nwfilterDefineXML(filterXML('diff-a', 22)),
    read: ourFilters,
    ...filters,
    want: ['diff-a'],
  },
  {
    name: 'filter: define',
    theirs: async (host) =>
      host.virsh(`nwfilter-define ${await host.file(filterXML('diff-b', 80))}`),
    read: ourFilters,
    ...filters,
    want: ['diff-a', 'diff-b'],
  },
  {
    name: 'filter: description',
    read: async ({ connection }) =>
      xml(await (await connection.nwfilterLookupByName('diff-b')).getXMLDesc()),
    virsh: 'nwfilter-dumpxml diff-b',
    as: xml,
  },
  {
    name: 'filter: undefine',
    ours: async ({ connection }) => (await connection.nwfilterLookupByName('diff-b')).undefine(),
    read: ourFilters,
    ...filters,
    want: ['diff-a'],
  },
  {
    name: 'filter: undefine',
    theirs: 'nwfilter-undefine diff-a',
    read: ourFilters,
    ...filters,
    want: [],
  },
  {
    name: 'filter: bindings',
    read: ({ connection }) => connection.listAllNWFilterBindings(),
    virsh: 'nwfilter-binding-list',
    as: names,
    want: [],
  },
  {
    name: 'secret: define',
    ours: ({ connection }) => connection.secretDefineXML(secretXML(1)),
    read: secretIDs,
    ...secrets,
    want: [`${SECRET}1`],
  },
  {
    name: 'secret: define',
    theirs: async (host) => host.virsh(`secret-define ${await host.file(secretXML(2))}`),
    read: secretIDs,
    ...secrets,
    want: [`${SECRET}1`, `${SECRET}2`],
  },
  {
    name: 'secret: description',
    read: async ({ connection }) =>
      xml(await (await connection.secretLookupByUsage(1, '/secret/2')).getXMLDesc()),
    virsh: `secret-dumpxml ${SECRET}2`,
    as: xml,
  },
  {
    name: 'secret: set its value',
    ours: async ({ connection }) =>
      (await connection.secretLookupByUUID(`${SECRET}1`)).setValue(Buffer.from('from us')),
    read: secretValue,
    virsh: `secret-get-value ${SECRET}1`,
    as: (printed) => Buffer.from(text(printed), 'base64').toString(),
    want: 'from us',
  },
  {
    name: 'secret: set its value',
    theirs: async (host) =>
      host.virsh(`secret-set-value ${SECRET}1 --plain --file ${await host.file('from virsh')}`),
    read: secretValue,
    virsh: `secret-get-value ${SECRET}1`,
    as: (printed) => Buffer.from(text(printed), 'base64').toString(),
    want: 'from virsh',
  },
  {
    name: 'secret: undefine',
    ours: async ({ connection }) => (await connection.secretLookupByUUID(`${SECRET}1`)).undefine(),
    read: secretIDs,
    ...secrets,
    want: [`${SECRET}2`],
  },
  {
    name: 'secret: undefine',
    theirs: `secret-undefine ${SECRET}2`,
    read: secretIDs,
    ...secrets,
    want: [],
  },
];
