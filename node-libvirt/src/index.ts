export { AgentError } from './client/agent-reply.ts';
export { type ConnectOptions, connect } from './client/connect.ts';
export { Connection } from './client/connection.ts';
export { decodeCPUMap, encodeCPUMap } from './client/cpu-map.ts';
export { Domain } from './client/domain.ts';
export type { DomainControlInfo, DomainInfo } from './client/domain-base.ts';
export type { DomainStats } from './client/domain-calls.ts';
export type { IOThreadInfo, VcpuInfo } from './client/domain-cpus.ts';
export type { DomainInterface, FSInfo, InterfaceAddress } from './client/domain-guest.ts';
export type { BlockInfo, BlockJobInfo } from './client/domain-jobs.ts';
export { DomainCheckpoint, DomainSnapshot } from './client/domain-snapshot.ts';
export type { BlockStats, InterfaceStats, SecurityLabel } from './client/domain-stats.ts';
export {
  DomainAffect,
  DomainChannelFlags,
  DomainConsoleFlags,
  DomainCoreDumpFormat,
  DomainCreateFlags,
  DomainDefineFlags,
  DomainDestroyFlags,
  DomainDeviceModifyFlags,
  DomainLifecycle,
  DomainLifecycleAction,
  DomainMemoryFlags,
  DomainMessageType,
  DomainMetadataType,
  DomainRebootFlags,
  DomainSaveRestoreFlags,
  DomainShutdownFlags,
  DomainStatsTypes,
  DomainUndefineFlags,
  DomainVcpuFlags,
  DomainXMLFlags,
  GetAllDomainStatsFlags,
  KeycodeSet,
  ListAllDomainsFlags,
} from './client/enums/domain-flags.ts';
export {
  AgentResponseTimeout,
  AuthorizedSSHKeysSetFlags,
  DomainGetHostnameFlags,
  DomainSetTimeFlags,
  DomainSetUserPasswordFlags,
  GuestInfoTypes,
  InterfaceAddressesSource,
  IPAddrType,
  MemoryStatTag,
} from './client/enums/domain-guest.ts';
export {
  BlockCommitFlags,
  BlockCopyFlags,
  BlockJobAbortFlags,
  BlockJobStatus,
  BlockJobType,
  BlockRebaseFlags,
  BlockResizeFlags,
  CheckpointCreateFlags,
  CheckpointDeleteFlags,
  CheckpointListFlags,
  CheckpointXMLFlags,
  DomainBackupBeginFlags,
  DomainJobOperation,
  DomainJobStatsFlags,
  DomainJobType,
  SnapshotCreateFlags,
  SnapshotDeleteFlags,
  SnapshotListFlags,
  SnapshotRevertFlags,
} from './client/enums/domain-jobs.ts';
export {
  DomainControlState,
  DomainPausedReason,
  DomainRunningReason,
  DomainShutdownReason,
  DomainShutoffReason,
  DomainState,
  VcpuState,
} from './client/enums/domain-state.ts';
export {
  AgentLifecycleReason,
  AgentLifecycleState,
  ConnectionCloseReason,
  DomainEventCrashedDetail,
  DomainEventDefinedDetail,
  DomainEventDiskChange,
  DomainEventGraphicsPhase,
  DomainEventIOErrorAction,
  DomainEventResumedDetail,
  DomainEventShutdownDetail,
  DomainEventStartedDetail,
  DomainEventStoppedDetail,
  DomainEventSuspendedDetail,
  DomainEventTrayChange,
  DomainEventType,
  DomainEventUndefinedDetail,
  DomainEventWatchdogAction,
  NetworkEventType,
  NodeDeviceEventType,
  SecretEventType,
  StoragePoolEventType,
} from './client/enums/event-details.ts';
export {
  ListAllInterfacesFlags,
  ListAllNetworksFlags,
  ListAllNodeDevicesFlags,
  ListAllSecretsFlags,
  NetworkPortCreateFlags,
  NetworkUpdateCommand,
  NetworkUpdateFlags,
  NetworkUpdateSection,
  NetworkXMLFlags,
  NodeAllocPagesFlags,
  NodeDeviceUpdateFlags,
  NodeDeviceXMLFlags,
  NodeSuspendTarget,
  SecretUsageType,
} from './client/enums/network.ts';
export {
  ListAllStoragePoolsFlags,
  StoragePoolBuildFlags,
  StoragePoolCreateFlags,
  StoragePoolDeleteFlags,
  StoragePoolState,
  StorageVolCreateFlags,
  StorageVolDeleteFlags,
  StorageVolInfoFlags,
  StorageVolResizeFlags,
  StorageVolType,
  StorageVolWipeAlgorithm,
  StorageXMLFlags,
} from './client/enums/storage.ts';
export { EventOverflowError } from './client/event-queue.ts';
export type {
  ConnectionEvents,
  DomainEvents,
  EventMap,
  MonitorEvents,
  NetworkEvents,
  NodeDeviceEvents,
  SecretEvents,
  StoragePoolEvents,
} from './client/events.ts';
export {
  type AgentFilesystem,
  type AgentInfo,
  type AgentInterface,
  type AgentOSInfo,
  type AgentShutdownMode,
  type AgentUser,
  GuestAgent,
} from './client/guest-agent.ts';
export type { AgentExecOptions, AgentExecResult } from './client/guest-agent-files.ts';
export type { DomainCapabilitiesQuery } from './client/host-calls.ts';
export { HostInterface } from './client/host-interface.ts';
export { type DHCPLease, Network } from './client/network.ts';
export { NetworkPort } from './client/network-port.ts';
export type { CPUMap, NodeInfo, PagesRequest } from './client/node-calls.ts';
export { NodeDevice } from './client/node-device.ts';
export { NwFilter, NwFilterBinding } from './client/nw-filter.ts';
export { Secret } from './client/secret.ts';
export { StoragePool, type StoragePoolInfo } from './client/storage-pool.ts';
export {
  type StorageVolInfo,
  StorageVolume,
  type TransferOptions,
  type UploadOptions,
} from './client/storage-volume.ts';
export type { UploadSource } from './client/upload.ts';
export type { CallOptions } from './connection/call-options.ts';
export type { StreamChunk } from './connection/chunk-queue.ts';
export {
  AuthenticationError,
  ConnectionClosedError,
  KeepaliveError,
  TimeoutError,
} from './connection/errors.ts';
export type { Unsubscribe } from './connection/event-hub.ts';
export type { KeepaliveOptions } from './connection/keepalive.ts';
export type { ReconnectOptions } from './connection/rpc-connection.ts';
export { type RpcStream, StreamEndedError } from './connection/rpc-stream.ts';
export type { Dialer } from './transport/dialer.ts';
export { TransportError, type TransportErrorReason } from './transport/transport-error.ts';
export { defaultURI } from './transport/uri.ts';
export { ErrorCode } from './wire/error-codes.ts';
export { LibvirtError } from './wire/libvirt-error.ts';
export { ProtocolError } from './wire/protocol-error.ts';
export { type TypedParameter, type TypedValue, type TypedValues, XdrError } from './xdr/index.ts';
