import { busesFor } from './domain-xml-disks.ts';
import { el, type XmlElement } from './domain-xml-element.ts';
import type { MachineSpec } from './machine-spec.ts';
import { IP_LEARNING } from './nwfilter.ts';

export function networkElements(spec: MachineSpec): XmlElement[] {
  const { network, nic } = spec;
  const model = busesFor(spec).nic;
  const common = [el('mac', { address: spec.mac }), el('model', { type: model })] as const;
  // Only a tap device has packets that the kernel can move, filter and size.
  const tap = [
    nic.vhost && model === 'virtio' ? vhostElement(nic.queues) : null,
    nic.mtu === null ? null : el('mtu', { size: nic.mtu }),
    nic.filter === null
      ? null
      : el('filterref', { filter: nic.filter }, el('parameter', IP_LEARNING)),
  ] as const;
  switch (network.kind) {
    case 'none':
      return [];
    case 'user':
      return [el('interface', { type: 'user' }, ...common)];
    case 'bridge': {
      const source = el('source', { bridge: network.name });
      return [el('interface', { type: 'bridge' }, source, ...common, ...tap)];
    }
    case 'network': {
      const source = el('source', { network: network.name });
      return [el('interface', { type: 'network' }, source, ...common, ...tap)];
    }
  }
}

const vhostElement = (queues: number): XmlElement =>
  el('driver', { name: 'vhost', queues: queues > 1 ? queues : undefined });
