import type { CallOptions } from '../connection/call-options.ts';
import { domain as p } from '../wire/procedures/domain.ts';
import type { TypedParameter } from '../xdr/index.ts';
import { DomainBase } from './domain-base.ts';

/** Starting, stopping, saving, removing. */
export abstract class DomainPower extends DomainBase {
  /**
   * Starts a defined domain (virDomainCreateWithFlags) and refreshes {@link id}. Since libvirt
   * 0.8.2.
   */
  async createWithFlags(flags = 0, options?: CallOptions): Promise<void> {
    const { dom } = await this.rpc.call(
      p.DOMAIN_CREATE_WITH_FLAGS,
      { dom: this.dom, flags },
      options,
    );
    this.update({ id: dom.id });
  }

  /** Starts a defined domain. */
  create(options?: CallOptions): Promise<void> {
    return this.createWithFlags(0, options);
  }

  /** Ends it at once, like pulling the plug; a transient domain disappears. Since libvirt 0.9.4. */
  async destroyFlags(flags = 0, options?: CallOptions): Promise<void> {
    await this.rpc.call(p.DOMAIN_DESTROY_FLAGS, { dom: this.dom, flags }, options);
    this.update({ id: -1 });
  }

  /** As {@link destroyFlags} without flags. */
  destroy(options?: CallOptions): Promise<void> {
    return this.destroyFlags(0, options);
  }

  /** Asks the guest to shut down and does not wait for it. Since libvirt 0.9.10. */
  async shutdownFlags(flags = 0, options?: CallOptions): Promise<void> {
    await this.rpc.call(p.DOMAIN_SHUTDOWN_FLAGS, { dom: this.dom, flags }, options);
  }

  /** As {@link shutdownFlags} without flags. */
  shutdown(options?: CallOptions): Promise<void> {
    return this.shutdownFlags(0, options);
  }

  /**
   * Asks the guest to restart and does not wait for it; see DomainRebootFlags. Since libvirt 0.1.0.
   */
  async reboot(flags = 0, options?: CallOptions): Promise<void> {
    await this.rpc.call(p.DOMAIN_REBOOT, { dom: this.dom, flags }, options);
  }

  /** Restarts at once, like the button. Since libvirt 0.9.7. */
  async reset(flags = 0, options?: CallOptions): Promise<void> {
    await this.rpc.call(p.DOMAIN_RESET, { dom: this.dom, flags }, options);
  }

  /** Pauses it; it keeps its memory. Since libvirt 0.0.3. */
  async suspend(options?: CallOptions): Promise<void> {
    await this.rpc.call(p.DOMAIN_SUSPEND, { dom: this.dom }, options);
  }

  /**
   * Lets it go on. Since libvirt 0.0.3.
   *
   * @throws LibvirtError `isOperationInvalid` when it is off.
   */
  async resume(options?: CallOptions): Promise<void> {
    await this.rpc.call(p.DOMAIN_RESUME, { dom: this.dom }, options);
  }

  /**
   * Removes the definition; a running domain becomes transient. Domains with UEFI variables, a TPM,
   * saved state or snapshots need the matching DomainUndefineFlags.
   * Since libvirt 0.9.4.
   */
  async undefineFlags(flags = 0, options?: CallOptions): Promise<void> {
    await this.rpc.call(p.DOMAIN_UNDEFINE_FLAGS, { dom: this.dom, flags }, options);
  }

  /** As {@link undefineFlags} without flags. */
  undefine(options?: CallOptions): Promise<void> {
    return this.undefineFlags(0, options);
  }

  /** Only a domain that is off can be renamed. Since libvirt 1.2.19. */
  async rename(newName: string, flags = 0, options?: CallOptions): Promise<void> {
    await this.rpc.call(p.DOMAIN_RENAME, { dom: this.dom, newName, flags }, options);
    this.update({ name: newName });
  }

  /**
   * Saves its state where libvirt keeps it, and ends it: its next start goes on from there. See
   * DomainSaveRestoreFlags. Since libvirt 0.8.0.
   */
  async managedSave(flags = 0, options?: CallOptions): Promise<void> {
    await this.rpc.call(p.DOMAIN_MANAGED_SAVE, { dom: this.dom, flags }, options);
    this.update({ id: -1 });
  }

  /** Whether there is such a state. Since libvirt 0.8.0. */
  async hasManagedSaveImage(flags = 0, options?: CallOptions): Promise<boolean> {
    const args = { dom: this.dom, flags };
    return (await this.rpc.call(p.DOMAIN_HAS_MANAGED_SAVE_IMAGE, args, options)).result;
  }

  /** Forgets that state: its next start is a fresh one. Since libvirt 0.8.0. */
  async managedSaveRemove(flags = 0, options?: CallOptions): Promise<void> {
    await this.rpc.call(p.DOMAIN_MANAGED_SAVE_REMOVE, { dom: this.dom, flags }, options);
  }

  /**
   * The definition that the saved state will start with; see DomainXMLFlags. Since libvirt 3.7.0.
   */
  async managedSaveGetXMLDesc(flags = 0, options?: CallOptions): Promise<string> {
    const args = { dom: this.dom, flags };
    return (await this.rpc.call(p.DOMAIN_MANAGED_SAVE_GET_XML_DESC, args, options)).xml;
  }

  /** Replaces that definition; only what the guest cannot see may differ. Since libvirt 3.7.0. */
  async managedSaveDefineXML(dxml: string, flags = 0, options?: CallOptions): Promise<void> {
    const args = { dom: this.dom, dxml, flags };
    await this.rpc.call(p.DOMAIN_MANAGED_SAVE_DEFINE_XML, args, options);
  }

  /**
   * Saves as its parameters `file`, `dxml` say; more can be said than with {@link saveFlags}. Since
   * libvirt 8.4.0.
   */
  async saveParams(params: TypedParameter[], flags = 0, options?: CallOptions): Promise<void> {
    await this.rpc.call(p.DOMAIN_SAVE_PARAMS, { dom: this.dom, params, flags }, options);
    this.update({ id: -1 });
  }

  /**
   * Makes a graphics server read its TLS certificates again; `type` 0 any, 1 VNC. Since libvirt
   * 10.2.0.
   */
  async graphicsReload(type = 0, flags = 0, options?: CallOptions): Promise<void> {
    await this.rpc.call(p.DOMAIN_GRAPHICS_RELOAD, { dom: this.dom, type, flags }, options);
  }

  /**
   * Saves to a file of the host; `dxml` replaces the definition kept in it. Since libvirt 0.9.4.
   */
  async saveFlags(
    to: string,
    dxml: string | null = null,
    flags = 0,
    options?: CallOptions,
  ): Promise<void> {
    await this.rpc.call(p.DOMAIN_SAVE_FLAGS, { dom: this.dom, to, dxml, flags }, options);
    this.update({ id: -1 });
  }

  /**
   * Writes its memory to a file of the host; `format` is DomainCoreDumpFormat. Since libvirt 1.2.3.
   */
  async coreDumpWithFormat(
    to: string,
    format: number,
    flags = 0,
    options?: CallOptions,
  ): Promise<void> {
    const args = { dom: this.dom, to, format, flags };
    await this.rpc.call(p.DOMAIN_CORE_DUMP_WITH_FORMAT, args, options);
  }

  /**
   * Needs the guest agent. `target` is NodeSuspendTarget; only a `durationSeconds` of 0 is valid.
   * Since libvirt 0.9.10.
   */
  async pmSuspendForDuration(
    target: number,
    durationSeconds = 0,
    flags = 0,
    options?: CallOptions,
  ): Promise<void> {
    const args = { dom: this.dom, target, duration: durationSeconds, flags };
    await this.rpc.call(p.DOMAIN_PM_SUSPEND_FOR_DURATION, args, options);
  }

  /** Wakes a guest that sleeps. Since libvirt 0.9.11. */
  async pmWakeup(flags = 0, options?: CallOptions): Promise<void> {
    await this.rpc.call(p.DOMAIN_PM_WAKEUP, { dom: this.dom, flags }, options);
  }

  /**
   * Sends a non-maskable interrupt, which most systems answer with a crash dump. Since libvirt
   * 0.9.2.
   */
  async injectNMI(flags = 0, options?: CallOptions): Promise<void> {
    await this.rpc.call(p.DOMAIN_INJECT_NMI, { dom: this.dom, flags }, options);
  }

  /** `type` is DomainLifecycle, `action` is DomainLifecycleAction. Since libvirt 3.9.0. */
  async setLifecycleAction(
    type: number,
    action: number,
    flags = 0,
    options?: CallOptions,
  ): Promise<void> {
    const args = { dom: this.dom, type, action, flags };
    await this.rpc.call(p.DOMAIN_SET_LIFECYCLE_ACTION, args, options);
  }
}
