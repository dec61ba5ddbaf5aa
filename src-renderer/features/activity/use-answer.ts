import { useCallback, useEffect, useState } from 'react';
import type { Result } from '../../../src-contract/derive.ts';
import type { ErrorData } from '../../../src-contract/model/error.ts';

/** Asks when the view opens, when `ask` changes and on demand; the last answer stays while a new one is made. */
export function useAnswer<T>(ask: () => Promise<Result<T>>) {
  const [value, setValue] = useState<T | null>(null);
  const [error, setError] = useState<ErrorData | null>(null);
  const load = useCallback(async () => {
    const answer = await ask();
    setError(answer.ok ? null : answer.error);
    if (answer.ok) setValue(answer.value);
  }, [ask]);
  useEffect(() => {
    void load();
  }, [load]);
  return { value, error, load };
}
