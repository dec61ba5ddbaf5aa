import { useEffect, useState } from 'react';
import type { ErrorData } from '../../../src-contract/model/error.ts';
import type { Gpu } from '../../../src-contract/model/gpu.ts';
import { listGpus } from '../../bridge/commands.ts';
import { useBerth } from '../../store/use-berth.ts';
import { ErrorPanel } from '../../ui/ErrorPanel.tsx';

type Found = { gpus: readonly Gpu[]; error: ErrorData | null };

/** Graphics cards of this computer, and whether a machine can have them. `turn` = look again when it changes. */
export function GpuList({ turn }: { turn: unknown }) {
  const [{ gpus, error }, setFound] = useState<Found>({ gpus: [], error: null });
  // biome-ignore lint/correctness/useExhaustiveDependencies: the turn says when to look again
  useEffect(() => {
    let gone = false;
    void listGpus().then((answer) => {
      if (gone) return;
      setFound(answer.ok ? { gpus: answer.value, error: null } : { gpus: [], error: answer.error });
    });
    return () => {
      gone = true;
    };
  }, [turn]);
  if (error === null && gpus.length === 0) return null;
  return (
    <section className="card card-pad" aria-label="Graphics cards">
      <h2 className="card-title">Graphics cards</h2>
      {error ? <ErrorPanel {...error} fix={undefined} /> : null}
      <ul className="checks">
        {gpus.map((gpu) => (
          <GpuItem key={gpu.address} gpu={gpu} />
        ))}
      </ul>
    </section>
  );
}

function GpuItem({ gpu }: { gpu: Gpu }) {
  const { address, name, iommuGroup, functions, groupOthers, obstacles, machineId } = gpu;
  const owner = useBerth(({ machines }) =>
    machineId === null ? null : (machines.get(machineId)?.name ?? null),
  );
  const facts = [
    iommuGroup === null ? 'no IOMMU group' : `IOMMU group ${iommuGroup}`,
    ...functions.map((one) => `${one.address} ${one.product}, ${one.driver ?? 'no driver'}`),
    ...groupOthers.map((one) => `also in its group: ${one.address} ${one.product}`),
  ];
  return (
    <li className="gpu selectable" data-testid="gpu">
      <div className="check-title">
        {name} <code>{address}</code>
      </div>
      <div className="check-detail">{facts.join(' · ')}</div>
      {owner === null ? null : <div>The machine {owner} has it.</div>}
      {obstacles.length === 0 && machineId === null ? <div>A machine can have it.</div> : null}
      {obstacles.map(({ code, message, hint }) => (
        <div key={code}>
          {message} <span className="muted">{hint}</span>
        </div>
      ))}
    </li>
  );
}
