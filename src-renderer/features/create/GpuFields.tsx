import { Checkbox, TextInput } from '@mantine/core';
import { useEffect, useState } from 'react';
import type { Gpu } from '../../../src-contract/model/gpu.ts';
import { listGpus } from '../../bridge/commands.ts';
import { type ChangeProps, fieldError } from './section-props.ts';

function useGpus(): readonly Gpu[] {
  const [gpus, setGpus] = useState<readonly Gpu[]>([]);
  useEffect(() => {
    let gone = false;
    void listGpus().then((answer) => {
      if (answer.ok && !gone) setGpus(answer.value);
    });
    return () => {
      gone = true;
    };
  }, []);
  return gpus;
}

/** Graphics cards of the host that the machine gets; those that it cannot have are there with the reason. */
export function GpuFields({ form, findings, patch, change }: ChangeProps) {
  const gpus = useGpus();
  const options = { roms: [], hideHypervisor: false, ...form.overrides.gpu };
  const error = fieldError(findings, 'gpus');
  const choose = (address: string, chosen: boolean) =>
    patch({
      gpus: chosen ? [...form.gpus, address] : form.gpus.filter((one) => one !== address),
    });
  const setRom = (address: string, file: string) => {
    const others = options.roms.filter((rom) => rom.address !== address);
    change({
      gpu: { ...options, roms: file.trim() === '' ? others : [...others, { address, file }] },
    });
  };
  if (gpus.length === 0 && form.gpus.length === 0) return null;
  return (
    <fieldset className="keys-field gpu-fields" data-testid="gpus">
      <legend>Graphics cards</legend>
      {gpus.map((gpu) => {
        const { address } = gpu;
        const chosen = form.gpus.includes(address);
        return (
          <div key={address}>
            <Checkbox
              label={`${gpu.name} (${address})`}
              description={descriptionOf(gpu)}
              checked={chosen}
              disabled={gpu.obstacles.length > 0 && !chosen}
              onChange={(event) => choose(address, event.currentTarget.checked)}
              data-testid={`gpu-${address}`}
            />
            {chosen ? (
              <TextInput
                label="Its firmware"
                description="Path of a file on the host; empty = the card’s own"
                placeholder="/var/lib/berth/card.rom"
                value={options.roms.find((rom) => rom.address === address)?.file ?? ''}
                onChange={(event) => setRom(address, event.currentTarget.value)}
              />
            ) : null}
          </div>
        );
      })}
      {form.gpus
        .filter((address) => gpus.every((gpu) => gpu.address !== address))
        .map((address) => (
          <Checkbox
            key={address}
            label={`${address} (not on this host)`}
            checked
            onChange={() => choose(address, false)}
          />
        ))}
      {form.gpus.length > 0 ? (
        <Checkbox
          label="Do not tell the guest that it is one"
          description="For drivers that refuse to work in a machine"
          checked={options.hideHypervisor}
          onChange={(event) =>
            change({ gpu: { ...options, hideHypervisor: event.currentTarget.checked } })
          }
          data-testid="hide-hypervisor"
        />
      ) : null}
      {error === null ? null : (
        <div className="field-error" role="alert">
          {error}
        </div>
      )}
    </fieldset>
  );
}

function descriptionOf({ address, functions, obstacles }: Gpu): string {
  const reasons = obstacles.map(({ message, hint }) => `${message} ${hint}`);
  if (reasons.length > 0) return reasons.join(' ');
  const others = functions.filter((one) => one.address !== address);
  if (others.length === 0) return 'It leaves the host while the machine runs.';
  return `It leaves the host while the machine runs, with ${others.map(({ product }) => product).join(', ')}.`;
}
