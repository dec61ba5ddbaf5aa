import type { Machine } from '../../../src-contract/model/machine.ts';
import { screenshot } from '../../bridge/commands.ts';
import { ScreenPicture } from '../../ui/ScreenPicture.tsx';
import { act } from './act.ts';

async function takeScreenshot(machineId: string) {
  const answer = await screenshot(machineId);
  return answer.ok ? answer.value : null;
}

/** The live thumbnail; a click opens the console. */
export function MachineScreen({ machine }: { machine: Machine }) {
  const live = machine.power !== 'off' && machine.power !== 'crashed';
  const usable = live && machine.graphics !== 'none';
  const text = usable ? 'No picture yet' : live ? 'This machine has no display' : 'Off';
  return (
    <section className="card card-pad" aria-label="Screen of the guest">
      <button
        type="button"
        className="screen-button"
        disabled={!usable}
        aria-label={usable ? `Open the console of ${machine.name}` : text}
        onClick={() => void act(machine, 'console')}
      >
        <ScreenPicture
          load={() => takeScreenshot(machine.id)}
          live={usable}
          label={`Screen of ${machine.name}`}
          placeholder={text}
        />
      </button>
    </section>
  );
}
