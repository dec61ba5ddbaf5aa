import {
  column,
  element,
  field,
  names,
  numberOf,
  sorted,
  text,
  versionNumber,
  xml,
} from '../printed.ts';
import type { Row } from '../row.ts';

/** What the host is: nothing is changed, both must read the same. */
export const hostRows: Row[] = [
  {
    name: 'host name',
    read: ({ connection }) => connection.getHostname(),
    virsh: 'hostname',
    as: text,
  },
  {
    name: 'URI',
    read: ({ connection }) => connection.getURI(),
    virsh: 'uri',
    as: (printed) => text(printed).replace(/\?.*/, ''),
    want: 'qemu:///system',
  },
  {
    name: 'version of the hypervisor',
    read: ({ connection }) => connection.getVersion(),
    virsh: 'version',
    as: (printed) => versionNumber(field('Running hypervisor')(printed)),
  },
  {
    name: 'version of the daemon',
    read: ({ connection }) => connection.getLibVersion(),
    virsh: 'version --daemon',
    as: (printed) => versionNumber(field('Running against daemon')(printed)),
  },
  {
    name: 'capabilities',
    read: async ({ connection }) => xml(await connection.getCapabilities()),
    virsh: 'capabilities',
    as: xml,
  },
  {
    name: 'capabilities for domains',
    read: async ({ connection }) =>
      xml(
        await connection.getDomainCapabilities({ arch: 'x86_64', machine: 'pc', virttype: 'qemu' }),
      ),
    virsh: 'domcapabilities --arch x86_64 --machine pc --virttype qemu',
    as: xml,
  },
  {
    name: 'capabilities for pools',
    read: async ({ connection }) => xml(await connection.getStoragePoolCapabilities()),
    virsh: 'pool-capabilities',
    as: xml,
  },
  {
    name: 'processors and memory',
    read: async ({ connection }) => {
      const { cpus, model, memory, sockets, cores, threads } = await connection.getNodeInfo();
      return { cpus, model, memory, sockets, cores, threads };
    },
    virsh: 'nodeinfo',
    as: (printed) => ({
      cpus: numberOf('CPU(s)')(printed),
      model: field('CPU model')(printed),
      memory: numberOf('Memory size')(printed),
      sockets: numberOf('CPU socket(s)')(printed),
      cores: numberOf('Core(s) per socket')(printed),
      threads: numberOf('Thread(s) per core')(printed),
    }),
  },
  {
    name: 'processors that are on',
    read: async ({ connection }) => (await connection.getCPUMap()).online,
    virsh: 'nodecpumap',
    as: (printed) =>
      [...field('CPU map')(printed)].flatMap((letter, cpu) => (letter === 'y' ? [cpu] : [])),
  },
  {
    name: 'virtual processors at most',
    read: async ({ connection }) =>
      Number(element('vcpu', 'max')(await connection.getDomainCapabilities({ virttype: 'qemu' }))),
    virsh: 'maxvcpus --type qemu',
    as: Number,
  },
  {
    name: 'processor models',
    read: async ({ connection }) => (await connection.getCPUModelNames('x86_64')).sort(),
    virsh: 'cpu-models x86_64',
    as: names,
  },
  {
    name: 'total memory',
    read: async ({ connection }) => (await connection.getMemoryStats())['total'],
    virsh: 'nodememstats',
    as: numberOf('total'),
  },
  {
    name: 'devices',
    read: async ({ connection }) => sorted(await connection.listAllNodeDevices(1)),
    virsh: 'nodedev-list --cap system',
    as: names,
  },
  {
    name: 'a device',
    read: async ({ connection }) =>
      xml(await (await connection.nodeDeviceLookupByName('computer')).getXMLDesc()),
    virsh: 'nodedev-dumpxml computer',
    as: xml,
  },
  {
    name: 'interfaces',
    read: async ({ connection }) => sorted(await connection.listAllInterfaces()),
    virsh: 'iface-list --all',
    as: column(0),
  },
];
