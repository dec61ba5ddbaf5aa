import { useEffect, useState } from 'react';
import type { ErrorData } from '../../../src-contract/model/error.ts';
import type { Machine, MachineDetails } from '../../../src-contract/model/machine.ts';
import { machineDetails } from '../../bridge/commands.ts';

type State = { details: MachineDetails | null; error: ErrorData | null };

/** Details as they are at each power state; a running domain's XML differs from a stopped one's. */
export function useDetails(machine: Machine): State {
  const [state, setState] = useState<State>({ details: null, error: null });
  const { id, power } = machine;
  // biome-ignore lint/correctness/useExhaustiveDependencies: a change of power is what makes them stale
  useEffect(() => {
    let stale = false;
    void machineDetails(id).then((answer) => {
      if (stale) return;
      setState(
        answer.ok ? { details: answer.value, error: null } : { details: null, error: answer.error },
      );
    });
    return () => {
      stale = true;
    };
  }, [id, power]);
  return state;
}
