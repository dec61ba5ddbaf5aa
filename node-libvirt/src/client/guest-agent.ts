import { Buffer } from 'node:buffer';
import type { CallOptions } from '../connection/call-options.ts';
import { GuestAgentFiles } from './guest-agent-files.ts';

/** What the agent is and can do. */
export interface AgentInfo {
  readonly version: string;
  readonly commands: readonly { readonly name: string; readonly enabled: boolean }[];
}

/** A network interface as the guest sees it. */
export interface AgentInterface {
  readonly name: string;
  readonly hardwareAddress: string | null;
  readonly addresses: readonly {
    readonly type: string;
    readonly address: string;
    readonly prefix: number;
  }[];
}

/** Somebody who is logged in, since `loginTime` in seconds since 1970. */
export interface AgentUser {
  readonly user: string;
  readonly domain: string | null;
  readonly loginTime: number;
}

/** A mounted file system of the guest; sizes in bytes, null where the agent does not say. */
export interface AgentFilesystem {
  readonly name: string;
  readonly mountpoint: string;
  readonly type: string;
  readonly usedBytes: number | null;
  readonly totalBytes: number | null;
}

/** The guest's system, by the names of its os-release file. */
export interface AgentOSInfo {
  readonly id: string | null;
  readonly name: string | null;
  readonly prettyName: string | null;
  readonly versionId: string | null;
  readonly kernelRelease: string | null;
  readonly machine: string | null;
}

export type AgentShutdownMode = 'powerdown' | 'reboot' | 'halt';

/**
 * The QEMU guest agent of one domain, reached by virDomainQemuAgentCommand (since libvirt 0.10.0).
 * The guest must run `qemu-ga` and have a channel named `org.qemu.guest_agent.0`.
 *
 * Every method can throw LibvirtError `isAgentUnresponsive` when nothing answers (libvirt waits for
 * the seconds of `setTimeout`), LibvirtError or {@link AgentError} for what the agent refuses, and
 * {@link AgentError} when its answer makes no sense.
 */
export class GuestAgent extends GuestAgentFiles {
  /** Whether an agent is there. */
  async ping(options?: CallOptions): Promise<void> {
    await this.command('guest-ping', {}, options);
  }

  /** Its version and commands. */
  async getInfo(options?: CallOptions): Promise<AgentInfo> {
    const info = await this.command('guest-info', {}, options);
    return {
      version: info.get('version').text(),
      commands: info.get('supported_commands').list((command) => ({
        name: command.get('name').text(),
        enabled: command.get('enabled').boolean(),
      })),
    };
  }

  /** The guest's network interfaces and their addresses. */
  async networkGetInterfaces(options?: CallOptions): Promise<AgentInterface[]> {
    const interfaces = await this.command('guest-network-get-interfaces', {}, options);
    return interfaces.list((item) => ({
      name: item.get('name').text(),
      hardwareAddress: item.optional('hardware-address')?.text() ?? null,
      addresses:
        item.optional('ip-addresses')?.list((address) => ({
          type: address.get('ip-address-type').text(),
          address: address.get('ip-address').text(),
          prefix: address.get('prefix').number(),
        })) ?? [],
    }));
  }

  /** Who is logged in. */
  async getUsers(options?: CallOptions): Promise<AgentUser[]> {
    const users = await this.command('guest-get-users', {}, options);
    return users.list((user) => ({
      user: user.get('user').text(),
      domain: user.optional('domain')?.text() ?? null,
      loginTime: user.get('login-time').number(),
    }));
  }

  /** The guest's host name. */
  async getHostName(options?: CallOptions): Promise<string> {
    return (await this.command('guest-get-host-name', {}, options)).get('host-name').text();
  }

  /** The guest's operating system. */
  async getOSInfo(options?: CallOptions): Promise<AgentOSInfo> {
    const info = await this.command('guest-get-osinfo', {}, options);
    const text = (key: string): string | null => info.optional(key)?.text() ?? null;
    return {
      id: text('id'),
      name: text('name'),
      prettyName: text('pretty-name'),
      versionId: text('version-id'),
      kernelRelease: text('kernel-release'),
      machine: text('machine'),
    };
  }

  /** The guest's clock, in nanoseconds since 1970. JSON makes it exact to about 200 ns. */
  async getTime(options?: CallOptions): Promise<number> {
    return (await this.command('guest-get-time', {}, options)).number();
  }

  /** The guest's mounted file systems. */
  async getFilesystems(options?: CallOptions): Promise<AgentFilesystem[]> {
    const list = await this.command('guest-get-fsinfo', {}, options);
    return list.list((item) => ({
      name: item.get('name').text(),
      mountpoint: item.get('mountpoint').text(),
      type: item.get('type').text(),
      usedBytes: item.optional('used-bytes')?.number() ?? null,
      totalBytes: item.optional('total-bytes')?.number() ?? null,
    }));
  }

  /** Stops writes to all file systems, or to some. Returns how many; thaw soon. */
  async fsFreeze(mountpoints?: readonly string[], options?: CallOptions): Promise<number> {
    const reply =
      mountpoints === undefined
        ? await this.command('guest-fsfreeze-freeze', {}, options)
        : await this.command('guest-fsfreeze-freeze-list', { mountpoints }, options);
    return reply.number();
  }

  /** Lets writes go on. Returns how many file systems were frozen. */
  async fsThaw(options?: CallOptions): Promise<number> {
    return (await this.command('guest-fsfreeze-thaw', {}, options)).number();
  }

  /** `thawed` or `frozen`. */
  async fsFreezeStatus(options?: CallOptions): Promise<string> {
    return (await this.command('guest-fsfreeze-status', {}, options)).text();
  }

  /** Gives unused blocks back to the host; only runs of at least `minimumBytes`. */
  async fsTrim(minimumBytes = 0, options?: CallOptions): Promise<void> {
    await this.command('guest-fstrim', { minimum: minimumBytes }, options);
  }

  /** Sets a password; `crypted` says that it is already a hash as in /etc/shadow. */
  async setUserPassword(
    username: string,
    password: string,
    crypted = false,
    options?: CallOptions,
  ): Promise<void> {
    const encoded = Buffer.from(password).toString('base64');
    const args = { username, password: encoded, crypted };
    await this.command('guest-set-user-password', args, options);
  }

  /** The public keys that may log in as `username`. */
  async sshGetAuthorizedKeys(username: string, options?: CallOptions): Promise<string[]> {
    const reply = await this.command('guest-ssh-get-authorized-keys', { username }, options);
    return reply.get('keys').list((key) => key.text());
  }

  /** Adds public keys; with `reset` they replace what was there. */
  async sshAddAuthorizedKeys(
    username: string,
    keys: readonly string[],
    reset = false,
    options?: CallOptions,
  ): Promise<void> {
    await this.command('guest-ssh-add-authorized-keys', { username, keys, reset }, options);
  }

  /** Takes public keys away; those that are not there are no error. */
  async sshRemoveAuthorizedKeys(
    username: string,
    keys: readonly string[],
    options?: CallOptions,
  ): Promise<void> {
    await this.command('guest-ssh-remove-authorized-keys', { username, keys }, options);
  }

  /** Shuts the guest down from inside. The agent does not answer: wait for the lifecycle event. */
  async shutdown(mode: AgentShutdownMode = 'powerdown', options?: CallOptions): Promise<void> {
    await this.tell('guest-shutdown', { mode }, options);
  }
}
