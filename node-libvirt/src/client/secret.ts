import type { CallOptions } from '../connection/call-options.ts';
import type { Rpc } from '../connection/rpc.ts';
import type { SecretHandle } from '../wire/handles.ts';
import { secret as p } from '../wire/procedures/device.ts';

/** A passphrase that libvirt keeps, for encrypted disks and TPMs. */
export class Secret {
  readonly uuid: string;
  /** SecretUsageType. */
  readonly usageType: number;
  readonly usageID: string;
  readonly #rpc: Rpc;

  constructor(rpc: Rpc, { uuid, usageType, usageID }: SecretHandle) {
    this.#rpc = rpc;
    this.uuid = uuid;
    this.usageType = usageType;
    this.usageID = usageID;
  }

  get #secret(): SecretHandle {
    return { uuid: this.uuid, usageType: this.usageType, usageID: this.usageID };
  }

  /** Its description, never its value. Since libvirt 0.7.1. */
  async getXMLDesc(flags = 0, options?: CallOptions): Promise<string> {
    const args = { secret: this.#secret, flags };
    return (await this.#rpc.call(p.SECRET_GET_XML_DESC, args, options)).xml;
  }

  /** Sets its value, at most 64 KiB. Since libvirt 0.7.1. */
  async setValue(value: Uint8Array, flags = 0, options?: CallOptions): Promise<void> {
    await this.#rpc.call(p.SECRET_SET_VALUE, { secret: this.#secret, value, flags }, options);
  }

  /**
   * Its value. Since libvirt 0.7.1.
   *
   * @throws LibvirtError `isAccessDenied` when it is private.
   */
  async getValue(flags = 0, options?: CallOptions): Promise<Uint8Array> {
    const args = { secret: this.#secret, flags };
    return (await this.#rpc.call(p.SECRET_GET_VALUE, args, options)).value;
  }

  /** Forgets it, value and all. Since libvirt 0.7.1. */
  async undefine(options?: CallOptions): Promise<void> {
    await this.#rpc.call(p.SECRET_UNDEFINE, { secret: this.#secret }, options);
  }
}
