import { type RefObject, useCallback, useEffect, useRef, useState } from 'react';
import type { ErrorData } from '../../src-contract/model/error.ts';
import { consoleTicket } from '../bridge/commands.ts';
import { openSession } from './open-session.ts';
import type { Protocol, ScreenSize } from './session.ts';

export type ConsolePhase =
  | { kind: 'connecting' }
  | { kind: 'connected'; protocol: Protocol; canvas: HTMLCanvasElement; size: ScreenSize }
  | { kind: 'lost'; reason: string; error: ErrorData | null };

const FIRST_DELAY_MS = 500;
const LONGEST_DELAY_MS = 8000;

const backOff = (failures: number): number =>
  Math.min(FIRST_DELAY_MS * 2 ** Math.max(0, failures - 1), LONGEST_DELAY_MS);

type Setters = { setPhase: (phase: ConsolePhase) => void; lost: (phase: ConsolePhase) => void };

async function connect(
  machineId: string,
  screen: HTMLElement,
  { setPhase, lost }: Setters,
  isStale: () => boolean,
): Promise<(() => void) | undefined> {
  const answer = await consoleTicket(machineId);
  if (isStale()) return undefined;
  if (!answer.ok) {
    lost({ kind: 'lost', reason: answer.error.message, error: answer.error });
    return undefined;
  }
  const { protocol } = answer.value;
  return openSession[protocol](screen, answer.value, {
    onScreen: (canvas, size) => setPhase({ kind: 'connected', protocol, canvas, size }),
    onEnd: (reason) => lost({ kind: 'lost', reason, error: null }),
  });
}

/**
 * Keeps the console connected while the machine is live: a lost link is tried again with growing
 * pauses, a picture resets them.
 */
export function useConsole(
  machineId: string,
  live: boolean,
  screen: RefObject<HTMLElement | null>,
): { phase: ConsolePhase; reconnect: () => void } {
  const [phase, setPhase] = useState<ConsolePhase>({ kind: 'connecting' });
  const [attempt, setAttempt] = useState(0);
  const failures = useRef(0);
  const reconnect = useCallback(() => setAttempt((value) => value + 1), []);
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new attempt is what connects again
  useEffect(() => {
    const element = screen.current;
    if (!live || !element) return;
    let stale = false;
    let stop: (() => void) | undefined;
    let timer: ReturnType<typeof setTimeout> | undefined;
    setPhase({ kind: 'connecting' });
    const setters: Setters = {
      setPhase: (next) => {
        if (stale) return;
        failures.current = 0;
        setPhase(next);
      },
      lost: (next) => {
        if (stale) return;
        failures.current += 1;
        setPhase(next);
        timer = setTimeout(reconnect, backOff(failures.current));
      },
    };
    connect(machineId, element, setters, () => stale)
      .then((close) => {
        stop = close;
        if (stale) stop?.();
      })
      .catch((thrown: unknown) =>
        setters.lost({ kind: 'lost', reason: String(thrown), error: null }),
      );
    return () => {
      stale = true;
      clearTimeout(timer);
      stop?.();
    };
  }, [machineId, live, attempt, reconnect, screen]);
  return { phase, reconnect };
}
