import { ErrorCode } from './error-codes.ts';
import type { RemoteError } from './handles.ts';

/** What the daemon answered instead of a result. `message` is libvirt's own text, complete. */
export class LibvirtError extends Error {
  override readonly name = 'LibvirtError';
  /** virErrorNumber: see {@link ErrorCode}. */
  readonly code: number;
  /** virErrorDomain: the part of libvirt that failed. */
  readonly domain: number;
  /** virErrorLevel: 1 warning, 2 error. */
  readonly level: number;
  readonly str1: string | null;
  readonly str2: string | null;
  readonly str3: string | null;
  /** The errno when `code` is SYSTEM_ERROR. */
  readonly int1: number;
  readonly int2: number;
  /** The protocol's name of the call, such as `DOMAIN_CREATE_WITH_FLAGS`. */
  readonly procedure: string;

  constructor(error: RemoteError, procedure: string) {
    super(error.message ?? `libvirt error ${error.code}`);
    this.code = error.code;
    this.domain = error.domain;
    this.level = error.level;
    this.str1 = error.str1;
    this.str2 = error.str2;
    this.str3 = error.str3;
    this.int1 = error.int1;
    this.int2 = error.int2;
    this.procedure = procedure;
  }

  /** There is no such domain. */
  get isNoDomain(): boolean {
    return this.code === ErrorCode.NO_DOMAIN;
  }

  /** There is no such network. */
  get isNoNetwork(): boolean {
    return this.code === ErrorCode.NO_NETWORK;
  }

  /** There is no such storage pool. */
  get isNoStoragePool(): boolean {
    return this.code === ErrorCode.NO_STORAGE_POOL;
  }

  /** There is no such volume. */
  get isNoStorageVol(): boolean {
    return this.code === ErrorCode.NO_STORAGE_VOL;
  }

  /** There is no such network filter. */
  get isNoNWFilter(): boolean {
    return this.code === ErrorCode.NO_NWFILTER;
  }

  /** There is no such device of the host. */
  get isNoNodeDevice(): boolean {
    return this.code === ErrorCode.NO_NODE_DEVICE;
  }

  /** There is no such secret. */
  get isNoSecret(): boolean {
    return this.code === ErrorCode.NO_SECRET;
  }

  /** There is no such snapshot. */
  get isNoDomainSnapshot(): boolean {
    return this.code === ErrorCode.NO_DOMAIN_SNAPSHOT;
  }

  /** There is no such metadata in the domain. */
  get isNoDomainMetadata(): boolean {
    return this.code === ErrorCode.NO_DOMAIN_METADATA;
  }

  /** There is no such checkpoint. */
  get isNoDomainCheckpoint(): boolean {
    return this.code === ErrorCode.NO_DOMAIN_CHECKPOINT;
  }

  /** There is no such backup that runs. */
  get isNoDomainBackup(): boolean {
    return this.code === ErrorCode.NO_DOMAIN_BACKUP;
  }

  /** There is no such network port. */
  get isNoNetworkPort(): boolean {
    return this.code === ErrorCode.NO_NETWORK_PORT;
  }

  /** There is no such metadata in the network. */
  get isNoNetworkMetadata(): boolean {
    return this.code === ErrorCode.NO_NETWORK_METADATA;
  }

  /** There is no such filter binding. */
  get isNoNWFilterBinding(): boolean {
    return this.code === ErrorCode.NO_NWFILTER_BINDING;
  }

  /** There is no such interface of the host. */
  get isNoInterface(): boolean {
    return this.code === ErrorCode.NO_INTERFACE;
  }

  /** The thing asked for does not exist, whatever kind it is. */
  get isNotFound(): boolean {
    return NOT_FOUND.has(this.code);
  }

  /** The object is in the wrong state: running, not running, already active. */
  get isOperationInvalid(): boolean {
    return this.code === ErrorCode.OPERATION_INVALID;
  }

  /** libvirt's catch-all; a name that is taken is also reported so. */
  get isOperationFailed(): boolean {
    return this.code === ErrorCode.OPERATION_FAILED;
  }

  /** The driver cannot do this at all, the daemon lacks the driver, or it is too old. */
  get isNotSupported(): boolean {
    return NOT_SUPPORTED.has(this.code) || this.isUnknownProcedure;
  }

  /** The daemon does not know this call: it is older than the call, or another driver. */
  get isUnknownProcedure(): boolean {
    return (
      this.code === ErrorCode.RPC && /unknown procedure|cannot find program/i.test(this.message)
    );
  }

  /** The pool has a volume of that name already. */
  get isStorageVolExist(): boolean {
    return this.code === ErrorCode.STORAGE_VOL_EXIST;
  }

  /** The XML cannot be read, or does not fit libvirt's schema. */
  get isXMLInvalid(): boolean {
    return INVALID_XML.has(this.code);
  }

  /** No guest agent answers: it does not run, the guest still boots, or it hangs. */
  get isAgentUnresponsive(): boolean {
    return AGENT_SILENT.has(this.code);
  }

  /** Another job holds the object; trying again later may work. */
  get isBusy(): boolean {
    return this.code === ErrorCode.RESOURCE_BUSY || this.code === ErrorCode.OPERATION_TIMEOUT;
  }

  /** The daemon refuses this user, or the connection is read-only. */
  get isAccessDenied(): boolean {
    return DENIED.has(this.code);
  }

  /** The job was given up, by whoever. */
  get isOperationAborted(): boolean {
    return this.code === ErrorCode.OPERATION_ABORTED;
  }
}

const NOT_FOUND: ReadonlySet<number> = new Set([
  ErrorCode.NO_DOMAIN,
  ErrorCode.NO_NETWORK,
  ErrorCode.NO_STORAGE_POOL,
  ErrorCode.NO_STORAGE_VOL,
  ErrorCode.NO_NODE_DEVICE,
  ErrorCode.NO_NWFILTER,
  ErrorCode.NO_NWFILTER_BINDING,
  ErrorCode.NO_SECRET,
  ErrorCode.NO_DOMAIN_SNAPSHOT,
  ErrorCode.NO_DOMAIN_CHECKPOINT,
  ErrorCode.NO_DOMAIN_METADATA,
  ErrorCode.NO_DOMAIN_BACKUP,
  ErrorCode.NO_NETWORK_PORT,
  ErrorCode.NO_NETWORK_METADATA,
  ErrorCode.NO_INTERFACE,
]);
const AGENT_SILENT: ReadonlySet<number> = new Set([
  ErrorCode.AGENT_UNRESPONSIVE,
  ErrorCode.AGENT_UNSYNCED,
  ErrorCode.AGENT_COMMAND_TIMEOUT,
]);
const NOT_SUPPORTED: ReadonlySet<number> = new Set([
  ErrorCode.NO_SUPPORT,
  ErrorCode.CONFIG_UNSUPPORTED,
  ErrorCode.ARGUMENT_UNSUPPORTED,
  ErrorCode.OPERATION_UNSUPPORTED,
]);
const INVALID_XML: ReadonlySet<number> = new Set([
  ErrorCode.XML_ERROR,
  ErrorCode.XML_DETAIL,
  ErrorCode.XML_INVALID_SCHEMA,
]);
const DENIED: ReadonlySet<number> = new Set([
  ErrorCode.OPERATION_DENIED,
  ErrorCode.AUTH_FAILED,
  ErrorCode.AUTH_CANCELLED,
  ErrorCode.AUTH_UNAVAILABLE,
  ErrorCode.ACCESS_DENIED,
]);
