import { useEffect, useRef, useState } from 'react';
import type { ErrorData } from '../../../src-contract/model/error.ts';
import type { Plan } from '../../../src-contract/model/plan.ts';
import { planCreation } from '../../bridge/commands.ts';
import type { CreateRequestInput } from './form-model.ts';

const DEBOUNCE_MS = 150;

export type PlanState = {
  plan: Plan | null;
  error: ErrorData | null;
  /** An answer to what is now in the form is still on its way. */
  pending: boolean;
};

/**
 * Keeps the receipt up to date with the form. Only the answer to the newest question counts.
 * `tick` asks again for the same request, after something outside the form was mended.
 */
export function usePlan(request: CreateRequestInput, tick: number): PlanState {
  const [state, setState] = useState<PlanState>({ plan: null, error: null, pending: true });
  const first = useRef(true);
  const key = JSON.stringify(request);
  const latest = useRef(request);
  latest.current = request;
  // biome-ignore lint/correctness/useExhaustiveDependencies: `key` stands for the request's content
  useEffect(() => {
    let stale = false;
    setState((previous) => (previous.pending ? previous : { ...previous, pending: true }));
    const ask = async () => {
      const answer = await planCreation(latest.current);
      if (stale) return;
      setState((previous) =>
        answer.ok
          ? { plan: answer.value, error: null, pending: false }
          : { plan: previous.plan, error: answer.error, pending: false },
      );
    };
    const timer = setTimeout(ask, first.current ? 0 : DEBOUNCE_MS);
    first.current = false;
    return () => {
      stale = true;
      clearTimeout(timer);
    };
  }, [key, tick]);
  return state;
}
