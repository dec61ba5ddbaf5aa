import { useEffect, useState } from 'react';
import type { ErrorData } from '../../../src-contract/model/error.ts';
import type { Machine, MachineDetails } from '../../../src-contract/model/machine.ts';
import { machineDetails } from '../../bridge/commands.ts';

type State = { details: MachineDetails | null; error: ErrorData | null };
type Details = State & { readAgain: () => void };

/** Details as they are at each power state; a running domain's XML differs from a stopped one's. */
export function useDetails(machine: Machine): Details {
  const [changes, setChanges] = useState(0);
  const [state, setState] = useState<State>({ details: null, error: null });
  const { id, power } = machine;
  // biome-ignore lint/correctness/useExhaustiveDependencies: a change of power, or one that was made here, is what makes them stale
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
  }, [id, power, changes]);
  return { ...state, readAgain: () => setChanges((count) => count + 1) };
}
