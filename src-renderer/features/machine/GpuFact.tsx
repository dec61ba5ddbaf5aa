import { useEffect, useState } from 'react';
import type { Gpu } from '../../../src-contract/model/gpu.ts';
import type { Machine } from '../../../src-contract/model/machine.ts';
import { listGpus } from '../../bridge/commands.ts';
import { Fact } from './Fact.tsx';

const PASSED_THROUGH = 'vfio-pci';

/** Cards that the machine holds, as they are at each power state. */
function useGpus({ id, power }: Machine): readonly Gpu[] {
  const [gpus, setGpus] = useState<readonly Gpu[]>([]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: cards move with a change of power
  useEffect(() => {
    let gone = false;
    void listGpus().then((answer) => {
      if (answer.ok && !gone) setGpus(answer.value.filter(({ machineId }) => machineId === id));
    });
    return () => {
      gone = true;
    };
  }, [id, power]);
  return gpus;
}

function where({ functions }: Gpu): string {
  if (functions.every(({ driver }) => driver === PASSED_THROUGH)) return 'in the machine';
  const drivers = [...new Set(functions.flatMap(({ driver }) => driver ?? []))];
  const now = drivers.length === 0 ? 'no driver has it' : `with the host (${drivers.join(', ')})`;
  return `${now}, reserved for the machine’s next start`;
}

/** Graphics cards that are this machine’s alone, and where they are now. */
export function GpuFact({ machine }: { machine: Machine }) {
  const gpus = useGpus(machine);
  if (gpus.length === 0) return null;
  return (
    <Fact label={gpus.length === 1 ? 'Graphics card' : 'Graphics cards'}>
      {gpus.map((gpu) => (
        <div key={gpu.address} className="selectable" data-testid="machine-gpu">
          {gpu.name} <code>{gpu.address}</code> <span className="muted">{where(gpu)}</span>
        </div>
      ))}
    </Fact>
  );
}
