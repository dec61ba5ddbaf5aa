import type { Hypervisor, HypervisorEvent } from '../../core/ports/hypervisor.ts';
import type { Log } from '../../core/ports/system.ts';
import { AbilityFinder } from './abilities.ts';
import { channels } from './channel.ts';
import { SupervisedConnection } from './connection.ts';
import { consoles } from './console.ts';
import type { Context } from './context.ts';
import { domainLife } from './domain-life.ts';
import { domainReading } from './domain-reading.ts';
import { listen } from './events.ts';
import { guests } from './guest.ts';
import { leftFiles } from './left-files.ts';
import { machineEditing } from './machine-editing.ts';
import { networkMaking } from './network-making.ts';
import { networks } from './networks.ts';
import { nodeDevices } from './node-devices.ts';
import { nwfilters } from './nwfilters.ts';
import { imageFolder, mapDaemonPath, type PathMapping } from './paths.ts';
import { pools } from './pools.ts';
import { screenshots } from './screenshot.ts';
import { topology } from './topology.ts';
import { volumes } from './volumes.ts';

export interface LibvirtHypervisorOptions {
  /** Absent = `qemu:///system` when it lets us in, else `qemu:///session`. */
  uri?: string | undefined;
  log: Log;
  /** For a daemon that sees the file system differently, as one in a container or a test does. */
  pathMap?: readonly PathMapping[] | undefined;
}

/** The hypervisor port over libvirt. Nothing happens before `connect`. */
export function createLibvirtHypervisor(options: LibvirtHypervisorOptions): Hypervisor {
  const { uri, log, pathMap = [] } = options;
  const listeners = new Set<(event: HypervisorEvent) => void>();
  const emit = (event: HypervisorEvent): void => {
    for (const listener of [...listeners]) listener(event);
  };
  const connection = new SupervisedConnection({
    uri,
    log,
    emit,
    listen: (opened, call) => listen(opened, emit, call),
  });
  const context: Context = {
    run: connection.run,
    log,
    mapPath: (path) => mapDaemonPath(path, pathMap),
    imageFolder: () => imageFolder(connection.scope, process.env),
  };
  const abilities = new AbilityFinder(context);
  return {
    connect: (call) => connection.connect(call),
    close: () => connection.close(),
    subscribe(listener) {
      const entry = (event: HypervisorEvent): void => listener(event);
      listeners.add(entry);
      return () => void listeners.delete(entry);
    },
    abilities: (call) => abilities.find(connection.generation, call),
    ...topology(context, () => connection.scope),
    ...nodeDevices(context),
    ...domainReading(context),
    ...domainLife(context),
    ...machineEditing(context),
    ...leftFiles(
      () => ({ uri: connection.uri, scope: connection.scope, mapPath: context.mapPath }),
      process.env,
    ),
    ...guests(context),
    ...screenshots(context),
    ...channels(context),
    ...consoles(context),
    ...pools(context),
    ...volumes(context),
    ...networks(context),
    ...networkMaking(context),
    ...nwfilters(context),
  };
}
