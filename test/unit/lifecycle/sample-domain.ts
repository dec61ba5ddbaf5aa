import { METADATA_NAMESPACE } from '../../../src-main/core/domain/domain-metadata.ts';

/** A definition as libvirt prints it, of the bench's machine of that name. */
export function sampleDomain(name: string, { cpus = 2, mib = 1024, extra = '' } = {}): string {
  return `<domain type='qemu'>
  <name>${name}</name>
  <uuid>0000-${name}</uuid>
  <title>${name}</title>
  <metadata>
    <berth:machine xmlns:berth="${METADATA_NAMESPACE}" schema="1" id="id-${name}" creation="creation-${name}" template="blank" department="personal"/>
    <other:memory xmlns:other="urn:x">7</other:memory>
  </metadata>
  <memory unit='KiB'>${mib * 1024}</memory>
  <currentMemory unit='KiB'>${mib * 1024}</currentMemory>
  <vcpu placement='static'>${cpus}</vcpu>
  <cpu mode='host-model'>
    <topology sockets='1' cores='${cpus}' threads='1'/>
  </cpu>
  <devices>
    <disk type="file" device="disk">
      <driver name='qemu' type='qcow2' queues='${cpus}'/>
      <source file="/pools/berth/${name}.qcow2"/>
      <target dev="vda" bus="virtio"/>
    </disk>${extra}
    <graphics type='spice' passwd='sesame'/>
  </devices>
</domain>`;
}
