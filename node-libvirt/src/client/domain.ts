import type { CallOptions } from '../connection/call-options.ts';
import type { RpcStream } from '../connection/rpc-stream.ts';
import { domain as p } from '../wire/procedures/domain.ts';
import { qemu } from '../wire/procedures/host.ts';
import { DomainGuest } from './domain-guest.ts';
import { GuestAgent } from './guest-agent.ts';

/**
 * A virtual machine. A handle stays good across restarts and reconnects: the UUID is what counts.
 */
export class Domain extends DomainGuest {
  /** The agent inside the guest, by commands of its own. */
  get agent(): GuestAgent {
    return new GuestAgent((command, timeoutSeconds, options) =>
      this.qemuAgentCommand(command, timeoutSeconds, 0, options),
    );
  }

  /** `mime` is what the bytes are: PNG since QEMU 7.1, PPM before. Since libvirt 0.9.2. */
  async screenshot(
    screen = 0,
    flags = 0,
    options?: CallOptions,
  ): Promise<{ mime: string; stream: RpcStream }> {
    const args = { dom: this.dom, screen, flags };
    const { result, stream } = await this.rpc.open(p.DOMAIN_SCREENSHOT, args, options);
    return { mime: result.mime ?? 'application/octet-stream', stream };
  }

  /**
   * The serial console, both ways. `devName` null is the first one; see DomainConsoleFlags. Since
   * libvirt 0.8.6.
   */
  async openConsole(
    devName: string | null = null,
    flags = 0,
    options?: CallOptions,
  ): Promise<RpcStream> {
    const args = { dom: this.dom, devName, flags };
    return (await this.rpc.open(p.DOMAIN_OPEN_CONSOLE, args, options)).stream;
  }

  /** A virtio channel, both ways, by its target name. Since libvirt 1.0.2. */
  async openChannel(
    name: string | null = null,
    flags = 0,
    options?: CallOptions,
  ): Promise<RpcStream> {
    const args = { dom: this.dom, name, flags };
    return (await this.rpc.open(p.DOMAIN_OPEN_CHANNEL, args, options)).stream;
  }

  /** Presses up to 16 keys together. `codeset` is KeycodeSet. Since libvirt 0.9.3. */
  async sendKey(
    codeset: number,
    holdMs: number,
    keycodes: number[],
    flags = 0,
    options?: CallOptions,
  ): Promise<void> {
    const args = { dom: this.dom, codeset, holdtime: holdMs, keycodes, flags };
    await this.rpc.call(p.DOMAIN_SEND_KEY, args, options);
  }

  /**
   * Sends one JSON command to the guest agent and returns its JSON answer, null when it has none.
   * `timeoutSeconds`: -2 waits for ever, -1 libvirt's default, 0 does not wait.
   * Since libvirt 0.10.0.
   */
  async qemuAgentCommand(
    command: string,
    timeoutSeconds = -1,
    flags = 0,
    options?: CallOptions,
  ): Promise<string | null> {
    const args = { dom: this.dom, cmd: command, timeout: timeoutSeconds, flags };
    return (await this.rpc.call(qemu.DOMAIN_AGENT_COMMAND, args, options)).result;
  }

  /**
   * Sends one QMP command (HMP with flag 1). libvirt marks the domain as tainted. Since libvirt
   * 0.8.3.
   */
  async qemuMonitorCommand(command: string, flags = 0, options?: CallOptions): Promise<string> {
    const args = { dom: this.dom, cmd: command, flags };
    return (await this.rpc.call(qemu.DOMAIN_MONITOR_COMMAND, args, options)).result;
  }
}
