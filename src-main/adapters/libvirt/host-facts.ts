import { totalmem } from 'node:os';
import type { CallOptions, Connection } from 'node-libvirt';
import type { HostFacts } from '../../core/ports/hypervisor.ts';

export type HostScope = HostFacts['scope'];

export const scopeOf = (uri: string): HostScope =>
  /^[a-z+]+:\/\/[^/]*\/session(?:$|\?)/.test(uri) ? 'session' : 'system';

export async function readHostFacts(
  connection: Connection,
  uri: string,
  call: CallOptions,
): Promise<HostFacts> {
  const [hostname, library, hypervisor, node] = await Promise.all([
    connection.getHostname(call),
    connection.getLibVersion(call),
    connection.getVersion(call),
    connection.getNodeInfo(call),
  ]);
  return {
    uri,
    scope: scopeOf(uri),
    hostname,
    libvirtVersion: versionText(library),
    hypervisorVersion: versionText(hypervisor),
    cpus: node.cpus,
    // libvirt leaves out memory that was plugged in after the start; it runs on this computer.
    memoryBytes: Math.max(node.memory * 1024, totalmem()),
  };
}

/** libvirt packs a version as major * 1,000,000 + minor * 1,000 + release. */
export function versionText(packed: number): string {
  const major = Math.floor(packed / 1_000_000);
  const minor = Math.floor(packed / 1_000) % 1_000;
  return `${major}.${minor}.${packed % 1_000}`;
}
