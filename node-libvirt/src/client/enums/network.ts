/*
 * Virtual networks, devices of the host, secrets.
 * Names and values are those of libvirt's public API, without the common prefix.
 */
export const NetworkXMLFlags = {
  INACTIVE: 1,
} as const;

export const NetworkUpdateCommand = {
  NONE: 0,
  MODIFY: 1,
  DELETE: 2,
  ADD_LAST: 3,
  ADD_FIRST: 4,
} as const;

export const NetworkUpdateSection = {
  NONE: 0,
  BRIDGE: 1,
  DOMAIN: 2,
  IP: 3,
  IP_DHCP_HOST: 4,
  IP_DHCP_RANGE: 5,
  FORWARD: 6,
  FORWARD_INTERFACE: 7,
  FORWARD_PF: 8,
  PORTGROUP: 9,
  DNS_HOST: 10,
  DNS_TXT: 11,
  DNS_SRV: 12,
} as const;

export const NetworkUpdateFlags = {
  CURRENT: 0,
  LIVE: 1,
  CONFIG: 2,
} as const;

export const ListAllNetworksFlags = {
  INACTIVE: 1,
  ACTIVE: 2,
  PERSISTENT: 4,
  TRANSIENT: 8,
  AUTOSTART: 0x10,
  NO_AUTOSTART: 0x20,
} as const;

export const ListAllNodeDevicesFlags = {
  CAP_SYSTEM: 1,
  CAP_PCI_DEV: 2,
  CAP_USB_DEV: 4,
  CAP_USB_INTERFACE: 8,
  CAP_NET: 0x10,
  CAP_SCSI_HOST: 0x20,
  CAP_SCSI_TARGET: 0x40,
  CAP_SCSI: 0x80,
  CAP_STORAGE: 0x100,
  CAP_FC_HOST: 0x200,
  CAP_VPORTS: 0x400,
  CAP_SCSI_GENERIC: 0x800,
  CAP_DRM: 0x1000,
  CAP_MDEV_TYPES: 0x2000,
  CAP_MDEV: 0x4000,
  CAP_CCW_DEV: 0x8000,
  CAP_CSS_DEV: 0x10000,
  CAP_VDPA: 0x20000,
  CAP_AP_CARD: 0x40000,
  CAP_AP_QUEUE: 0x80000,
  CAP_AP_MATRIX: 0x100000,
  CAP_VPD: 0x200000,
  INACTIVE: 0x40000000,
  ACTIVE: 0x80000000,
} as const;

export const SecretUsageType = {
  NONE: 0,
  VOLUME: 1,
  CEPH: 2,
  ISCSI: 3,
  TLS: 4,
  VTPM: 5,
} as const;

export const ListAllSecretsFlags = {
  EPHEMERAL: 1,
  NO_EPHEMERAL: 2,
  PRIVATE: 4,
  NO_PRIVATE: 8,
} as const;

export const NodeSuspendTarget = {
  MEM: 0,
  DISK: 1,
  HYBRID: 2,
} as const;

export const ListAllInterfacesFlags = {
  INACTIVE: 1,
  ACTIVE: 2,
} as const;

export const NodeDeviceUpdateFlags = {
  AFFECT_CURRENT: 0,
  AFFECT_LIVE: 1,
  AFFECT_CONFIG: 2,
} as const;

export const NodeDeviceXMLFlags = {
  INACTIVE: 1,
} as const;

export const NodeAllocPagesFlags = {
  ADD: 0,
  SET: 1,
} as const;

export const NetworkPortCreateFlags = {
  RECLAIM: 1,
  VALIDATE: 2,
} as const;
