import { Access } from '../core/lifecycle/access.ts';
import { Commands } from '../core/lifecycle/commands.ts';
import { DepartmentService } from '../core/lifecycle/departments.ts';
import type { Hub } from '../core/lifecycle/hub.ts';
import type { MachineLibrary } from '../core/lifecycle/machines.ts';
import type { AuditSink } from '../core/ports/audit-repository.ts';
import type { EventSource } from '../ipc/publisher.ts';
import type { Ports } from './ports.ts';

/** Who may what, and what they get to see. */
export interface Gate {
  access: Access;
  commands: Commands;
  departments: DepartmentService;
  /** Events as the person of this process may see them. */
  events: EventSource;
}

export function buildGate(
  ports: Ports,
  { hub, library }: { hub: Hub; library: MachineLibrary },
  audit: AuditSink,
): Gate {
  const access = new Access({ ...ports, library });
  return {
    access,
    commands: new Commands({ ...ports, access, audit }),
    departments: new DepartmentService({ ...ports, access, hub }),
    events: {
      subscribe: (listener) =>
        hub.subscribe((event) => {
          const seen = access.filter(event);
          if (seen !== null) listener(seen);
        }),
    },
  };
}
