import type { CallOptions } from '../connection/call-options.ts';
import type { Rpc } from '../connection/rpc.ts';
import type { NodeDeviceHandle } from '../wire/handles.ts';
import { nodeDevice as p } from '../wire/procedures/device.ts';

/** A device of the host, such as `pci_0000_01_00_0`. */
export class NodeDevice {
  readonly name: string;
  readonly #rpc: Rpc;

  constructor(rpc: Rpc, { name }: NodeDeviceHandle) {
    this.#rpc = rpc;
    this.name = name;
  }

  /** Its description; see NodeDeviceXMLFlags. Since libvirt 0.5.0. */
  async getXMLDesc(flags = 0, options?: CallOptions): Promise<string> {
    const args = { name: this.name, flags };
    return (await this.#rpc.call(p.NODE_DEVICE_GET_XML_DESC, args, options)).xml;
  }

  /** The name of the device it hangs on; null for the computer itself. Since libvirt 0.5.0. */
  async getParent(options?: CallOptions): Promise<string | null> {
    const args = { name: this.name };
    return (await this.#rpc.call(p.NODE_DEVICE_GET_PARENT, args, options)).parentName;
  }

  /** What it is, such as `pci` or `net`. Since libvirt 0.5.0. */
  async listCaps(options?: CallOptions): Promise<string[]> {
    const args = { name: this.name, maxNames: 65_536 };
    return (await this.#rpc.call(p.NODE_DEVICE_LIST_CAPS, args, options)).names;
  }

  /** Takes the device from the host's driver, so that a guest can have it. Since libvirt 1.0.5. */
  async detachFlags(
    driverName: string | null = null,
    flags = 0,
    options?: CallOptions,
  ): Promise<void> {
    const args = { name: this.name, driverName, flags };
    await this.#rpc.call(p.NODE_DEVICE_DETACH_FLAGS, args, options);
  }

  /** Gives the device back to the host's driver. Since libvirt 0.6.1. */
  async reAttach(options?: CallOptions): Promise<void> {
    await this.#rpc.call(p.NODE_DEVICE_RE_ATTACH, { name: this.name }, options);
  }

  /** Resets the device, which must be detached. Since libvirt 0.6.1. */
  async reset(options?: CallOptions): Promise<void> {
    await this.#rpc.call(p.NODE_DEVICE_RESET, { name: this.name }, options);
  }

  /** Removes a mediated device. Since libvirt 0.6.3. */
  async destroy(options?: CallOptions): Promise<void> {
    await this.#rpc.call(p.NODE_DEVICE_DESTROY, { name: this.name }, options);
  }

  /** Starts a defined mediated device. Since libvirt 7.3.0. */
  async create(flags = 0, options?: CallOptions): Promise<void> {
    await this.#rpc.call(p.NODE_DEVICE_CREATE, { name: this.name, flags }, options);
  }

  /** Forgets the definition of a mediated device. Since libvirt 7.3.0. */
  async undefine(flags = 0, options?: CallOptions): Promise<void> {
    await this.#rpc.call(p.NODE_DEVICE_UNDEFINE, { name: this.name, flags }, options);
  }

  /** Changes a mediated device; `flags` is NodeDeviceUpdateFlags. Since libvirt 10.1.0. */
  async update(xml: string, flags = 0, options?: CallOptions): Promise<void> {
    await this.#rpc.call(p.NODE_DEVICE_UPDATE, { name: this.name, xml, flags }, options);
  }

  /** Since libvirt 7.8.0. */
  async getAutostart(options?: CallOptions): Promise<boolean> {
    const args = { name: this.name };
    return (await this.#rpc.call(p.NODE_DEVICE_GET_AUTOSTART, args, options)).autostart;
  }

  /** Only for mediated devices. Since libvirt 7.8.0. */
  async setAutostart(autostart: boolean, options?: CallOptions): Promise<void> {
    await this.#rpc.call(p.NODE_DEVICE_SET_AUTOSTART, { name: this.name, autostart }, options);
  }

  /** Whether it has a stored definition. Since libvirt 7.8.0. */
  async isPersistent(options?: CallOptions): Promise<boolean> {
    const args = { name: this.name };
    return (await this.#rpc.call(p.NODE_DEVICE_IS_PERSISTENT, args, options)).persistent;
  }

  /** Since libvirt 7.8.0. */
  async isActive(options?: CallOptions): Promise<boolean> {
    return (await this.#rpc.call(p.NODE_DEVICE_IS_ACTIVE, { name: this.name }, options)).active;
  }
}
