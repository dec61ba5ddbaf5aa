import { i32, nullable, str, struct, uuid, type ValueOf } from '../xdr/index.ts';

/** How the protocol names libvirt's objects. The daemon finds a domain by its UUID alone. */
export const domainHandle = struct({ name: str, uuid, id: i32 });
export const networkHandle = struct({ name: str, uuid });
export const networkPortHandle = struct({ net: networkHandle, uuid });
export const interfaceHandle = struct({ name: str, mac: str });
export const storagePoolHandle = struct({ name: str, uuid });
export const storageVolHandle = struct({ pool: str, name: str, key: str });
export const nwFilterHandle = struct({ name: str, uuid });
export const nwFilterBindingHandle = struct({ portDev: str, filterName: str });
export const nodeDeviceHandle = struct({ name: str });
export const secretHandle = struct({ uuid, usageType: i32, usageID: str });
export const snapshotHandle = struct({ name: str, domain: domainHandle });
export const checkpointHandle = struct({ name: str, domain: domainHandle });

export type DomainHandle = ValueOf<typeof domainHandle>;
export type NetworkHandle = ValueOf<typeof networkHandle>;
export type NetworkPortHandle = ValueOf<typeof networkPortHandle>;
export type InterfaceHandle = ValueOf<typeof interfaceHandle>;
export type StoragePoolHandle = ValueOf<typeof storagePoolHandle>;
export type StorageVolHandle = ValueOf<typeof storageVolHandle>;
export type NwFilterHandle = ValueOf<typeof nwFilterHandle>;
export type NwFilterBindingHandle = ValueOf<typeof nwFilterBindingHandle>;
export type NodeDeviceHandle = ValueOf<typeof nodeDeviceHandle>;
export type SecretHandle = ValueOf<typeof secretHandle>;
export type SnapshotHandle = ValueOf<typeof snapshotHandle>;
export type CheckpointHandle = ValueOf<typeof checkpointHandle>;

/** The payload of every reply and stream packet with status ERROR. */
export const remoteError = struct({
  code: i32,
  domain: i32,
  message: nullable(str),
  level: i32,
  dom: nullable(domainHandle),
  str1: nullable(str),
  str2: nullable(str),
  str3: nullable(str),
  int1: i32,
  int2: i32,
  net: nullable(networkHandle),
});
export type RemoteError = ValueOf<typeof remoteError>;
