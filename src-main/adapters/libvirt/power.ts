import { DomainPausedReason, DomainShutoffReason, DomainState } from 'node-libvirt';
import type { PowerState } from '../../../src-contract/model/machine.ts';

/** libvirt's state and reason as a power state. */
export function powerOf(state: number, reason: number): PowerState {
  switch (state) {
    case DomainState.RUNNING:
    case DomainState.BLOCKED:
      return 'running';
    case DomainState.PAUSED:
      if (reason === DomainPausedReason.STARTING_UP) return 'starting';
      return reason === DomainPausedReason.CRASHED ? 'crashed' : 'paused';
    case DomainState.PMSUSPENDED:
      return 'paused';
    case DomainState.SHUTDOWN:
      return 'stopping';
    case DomainState.CRASHED:
      return 'crashed';
    default:
      return reason === DomainShutoffReason.CRASHED && state === DomainState.SHUTOFF
        ? 'crashed'
        : 'off';
  }
}
