import { useEffect, useRef, useState } from 'react';
import type { Machine } from '../../src-contract/model/machine.ts';
import { useBerth } from '../store/use-berth.ts';
import { ConsoleOverlay, type OverlayState } from './ConsoleOverlay.tsx';
import { ConsoleToolbar } from './ConsoleToolbar.tsx';
import type { ScreenSize } from './session.ts';
import { type ConsolePhase, useConsole } from './use-console.ts';

const SCREEN_ID = 'screen';

/** Scale that makes the guest's picture fill the stage without cutting it. */
function useFit(stage: HTMLElement | null, size: ScreenSize | null, fit: boolean): number {
  const [box, setBox] = useState<ScreenSize | null>(null);
  useEffect(() => {
    if (!stage) return;
    const observer = new ResizeObserver(([entry]) => {
      if (entry) setBox({ width: entry.contentRect.width, height: entry.contentRect.height });
    });
    observer.observe(stage);
    return () => observer.disconnect();
  }, [stage]);
  if (!fit || !box || !size || size.width === 0 || size.height === 0) return 1;
  return Math.min(box.width / size.width, box.height / size.height);
}

/** Whether keys go to the guest now. The canvas takes the focus whenever the window has it. */
function useGrab(phase: ConsolePhase): boolean {
  const [grabbed, setGrabbed] = useState(false);
  const canvas = phase.kind === 'connected' ? phase.canvas : null;
  useEffect(() => {
    if (!canvas) return setGrabbed(false);
    const update = () => setGrabbed(document.activeElement === canvas);
    const take = () => canvas.focus({ preventScroll: true });
    canvas.addEventListener('focus', update);
    canvas.addEventListener('blur', update);
    canvas.addEventListener('mousedown', take);
    take();
    update();
    return () => {
      canvas.removeEventListener('focus', update);
      canvas.removeEventListener('blur', update);
      canvas.removeEventListener('mousedown', take);
    };
  }, [canvas]);
  return grabbed;
}

function overlayState(
  machine: Machine | undefined,
  known: boolean,
  phase: ConsolePhase,
): OverlayState {
  if (!known) return { kind: 'connecting' };
  if (!machine) return { kind: 'gone' };
  if (machine.graphics === 'none') return { kind: 'no-display' };
  if (machine.power === 'off' || machine.power === 'crashed') return { kind: 'off' };
  return phase.kind === 'connected' ? { kind: 'none' } : phase;
}

export function ConsoleApp({ machineId }: { machineId: string }) {
  const machine = useBerth((state) => state.machines.get(machineId));
  const known = useBerth((state) => state.phase !== 'loading');
  const screen = useRef<HTMLDivElement>(null);
  const [stage, setStage] = useState<HTMLElement | null>(null);
  const [fit, setFit] = useState(true);
  const live =
    machine !== undefined &&
    machine.graphics !== 'none' &&
    machine.power !== 'off' &&
    machine.power !== 'crashed';
  const { phase, reconnect } = useConsole(machineId, live, screen);
  const overlay = overlayState(machine, known, phase);
  const size = phase.kind === 'connected' ? phase.size : null;
  const scale = useFit(stage, size, fit);
  const scalesItself = phase.kind === 'connected' && phase.protocol === 'vnc';
  const grabbed = useGrab(phase);
  const name = machine?.name ?? 'Console';
  useEffect(() => {
    document.title = `${name} – Berth`;
  }, [name]);
  const frame = size && { width: size.width * scale, height: size.height * scale };
  return (
    <div
      className="console"
      data-testid="console"
      data-phase={overlay.kind === 'none' ? 'connected' : overlay.kind}
    >
      <ConsoleToolbar
        machineId={machineId}
        name={name}
        canvas={phase.kind === 'connected' ? phase.canvas : null}
        grabbed={grabbed}
        fit={fit}
        onFit={setFit}
      />
      <main className="console-stage" ref={setStage}>
        <div className="console-frame" style={frame ?? undefined} hidden={overlay.kind !== 'none'}>
          <div
            ref={screen}
            id={SCREEN_ID}
            className="console-screen"
            data-testid="console-screen"
            data-scales={scalesItself ? 'itself' : undefined}
            style={scalesItself ? undefined : { transform: `scale(${scale})` }}
          />
        </div>
        <ConsoleOverlay state={overlay} machineId={machineId} onReconnect={reconnect} />
      </main>
    </div>
  );
}
