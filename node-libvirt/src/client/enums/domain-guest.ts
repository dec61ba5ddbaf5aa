/*
 * What is asked of guests, and measured in them.
 * Names and values are those of libvirt's public API, without the common prefix.
 */
/** Where addresses of a guest are looked for. */
export const InterfaceAddressesSource = {
  LEASE: 0,
  AGENT: 1,
  ARP: 2,
} as const;

export const IPAddrType = {
  IPV4: 0,
  IPV6: 1,
} as const;

export const GuestInfoTypes = {
  USERS: 1,
  OS: 2,
  TIMEZONE: 4,
  HOSTNAME: 8,
  FILESYSTEM: 0x10,
  DISKS: 0x20,
  INTERFACES: 0x40,
} as const;

export const DomainGetHostnameFlags = {
  LEASE: 1,
  AGENT: 2,
} as const;

export const DomainSetUserPasswordFlags = {
  ENCRYPTED: 1,
} as const;

export const DomainSetTimeFlags = {
  SYNC: 1,
} as const;

export const AuthorizedSSHKeysSetFlags = {
  APPEND: 1,
  REMOVE: 2,
} as const;

/** Special values of a timeout in seconds. */
export const AgentResponseTimeout = {
  BLOCK: -2,
  DEFAULT: -1,
  NOWAIT: 0,
} as const;

export const MemoryStatTag = {
  SWAP_IN: 0,
  SWAP_OUT: 1,
  MAJOR_FAULT: 2,
  MINOR_FAULT: 3,
  UNUSED: 4,
  AVAILABLE: 5,
  ACTUAL_BALLOON: 6,
  RSS: 7,
  USABLE: 8,
  LAST_UPDATE: 9,
  DISK_CACHES: 10,
  HUGETLB_PGALLOC: 11,
  HUGETLB_PGFAIL: 12,
} as const;
