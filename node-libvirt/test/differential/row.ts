import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Connection, Domain, Network, StoragePool, StorageVolume } from '../../src/index.ts';
import type { Virsh } from './virsh.ts';

/** One operation, and the same question afterwards to node-libvirt and to virsh. */
export interface Row {
  readonly name: string;
  /** The operation, when it changes something: by node-libvirt, or a command line for virsh. */
  readonly ours?: (host: Host) => Promise<unknown>;
  readonly theirs?: string | ((host: Host) => Promise<string>);
  /** What node-libvirt reads, and what virsh prints as read by `as`: the same. */
  readonly read: (host: Host) => Promise<unknown>;
  readonly virsh: string;
  readonly as: (printed: string) => unknown;
  /** What both must say. Left out where only the host knows. */
  readonly want?: unknown;
}

/** The two ways to one daemon. */
export class Host {
  readonly connection: Connection;
  readonly directory: string;
  readonly #virsh: Virsh;
  #files = 0;

  constructor(connection: Connection, virsh: Virsh, directory: string) {
    this.connection = connection;
    this.#virsh = virsh;
    this.directory = directory;
  }

  path(name: string): string {
    return path.join(this.directory, name);
  }

  /** What virsh prints; several commands can be given, separated by `;`. */
  virsh(commands: string): Promise<string> {
    return this.#virsh.run(commands.replaceAll('%DIR%', this.directory));
  }

  /** A file that virsh can be given. */
  async file(content: string): Promise<string> {
    const name = this.path(`file-${this.#files++}`);
    await writeFile(name, content);
    return name;
  }

  domain(name = 'one'): Promise<Domain> {
    return this.connection.domainLookupByName(name);
  }

  pool(name = 'files'): Promise<StoragePool> {
    return this.connection.storagePoolLookupByName(name);
  }

  async volume(name: string): Promise<StorageVolume> {
    return (await this.pool()).volLookupByName(name);
  }

  network(name = 'lab'): Promise<Network> {
    return this.connection.networkLookupByName(name);
  }
}
