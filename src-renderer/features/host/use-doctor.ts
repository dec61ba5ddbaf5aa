import { useCallback, useEffect, useState } from 'react';
import type { ErrorData } from '../../../src-contract/model/error.ts';
import type { DoctorCheck } from '../../../src-contract/model/host.ts';
import { doctor } from '../../bridge/commands.ts';

/** Checks when the view opens and on demand; the last answer stays while a new one is made. */
export function useDoctor() {
  const [checks, setChecks] = useState<readonly DoctorCheck[] | null>(null);
  const [error, setError] = useState<ErrorData | null>(null);
  const [busy, setBusy] = useState(true);
  const check = useCallback(async () => {
    setBusy(true);
    const answer = await doctor();
    setBusy(false);
    setError(answer.ok ? null : answer.error);
    if (answer.ok) setChecks(answer.value);
  }, []);
  useEffect(() => {
    void check();
  }, [check]);
  return { checks, error, busy, check };
}
