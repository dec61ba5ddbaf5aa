export {
  connectionEvents,
  domainEvents,
  monitorEvents,
  networkEvents,
  nodeDeviceEvents,
  secretEvents,
  storagePoolEvents,
} from '../wire/events.ts';
export type { DomainHandle, StoragePoolHandle, StorageVolHandle } from '../wire/handles.ts';
export { PacketStatus, PacketType, Program } from '../wire/packet.ts';
export { hostInterface, nodeDevice, secret } from '../wire/procedures/device.ts';
export { domain } from '../wire/procedures/domain.ts';
export { domainConfig } from '../wire/procedures/domain-config.ts';
export { domainGuest } from '../wire/procedures/domain-guest.ts';
export { domainJobs } from '../wire/procedures/domain-jobs.ts';
export { domainTuning } from '../wire/procedures/domain-tuning.ts';
export { host, qemu } from '../wire/procedures/host.ts';
export { network, nwFilter } from '../wire/procedures/network.ts';
export { storage } from '../wire/procedures/storage.ts';
export {
  type FakeCall,
  FakeError,
  type FakeHandler,
  type FakePeer,
  type FakeStream,
} from './fake-call.ts';
export { FakeDaemon } from './fake-daemon.ts';
