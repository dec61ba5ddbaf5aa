import { NumberInput, Select } from '@mantine/core';
import type { Overrides } from '../../../src-contract/model/create-request.ts';
import { effectiveHardware } from './form-model.ts';
import { fieldError, type SectionProps } from './section-props.ts';

const GIB = 1024 ** 3;
const FIRST_SIZE = 10 * GIB;
const MOST_DISKS = 8;

const CPU_POLICIES = [
  { value: 'none', label: 'Anywhere on the host' },
  { value: 'numa', label: 'In one NUMA node' },
  { value: 'dedicated', label: 'CPUs of its own' },
] as const;

const HUGEPAGES = [
  { value: 'none', label: 'Ordinary memory' },
  { value: 'preferred', label: 'Huge pages if there are enough' },
  { value: 'required', label: 'Only huge pages' },
] as const;

type Props = SectionProps & { change: (part: Partial<Overrides>) => void };

/** Where on the host CPUs and memory are; the receipt says what came of it. */
export function PlacementFields({ form, template, findings, change }: Props) {
  const { cpuPolicy, hugepages } = effectiveHardware(template, form.overrides);
  return (
    <>
      <Select
        label="CPU placement"
        allowDeselect={false}
        value={cpuPolicy}
        data={CPU_POLICIES.map((item) => ({ ...item }))}
        error={fieldError(findings, 'overrides.cpuPolicy')}
        onChange={(value) => {
          const chosen = CPU_POLICIES.find((item) => item.value === value);
          if (chosen) change({ cpuPolicy: chosen.value });
        }}
        data-testid="cpu-policy"
      />
      <Select
        label="Memory pages"
        allowDeselect={false}
        value={hugepages}
        data={HUGEPAGES.map((item) => ({ ...item }))}
        error={fieldError(findings, 'overrides.hugepages')}
        onChange={(value) => {
          const chosen = HUGEPAGES.find((item) => item.value === value);
          if (chosen) change({ hugepages: chosen.value });
        }}
        data-testid="hugepages"
      />
    </>
  );
}

/** Empty disks besides the system's; a size of nothing takes one away. */
export function ExtraDiskFields({ form, template, findings, change }: Props) {
  const { extraDisks } = effectiveHardware(template, form.overrides);
  const resize = (index: number, gib: number | string) => {
    const capacityBytes = typeof gib === 'number' ? Math.round(gib * GIB) : 0;
    const disks = extraDisks.map((disk, at) => (at === index ? { capacityBytes } : disk));
    change({ extraDisks: disks.filter((disk) => disk.capacityBytes > 0) });
  };
  return (
    <>
      {extraDisks.map(({ capacityBytes }, index) => (
        <NumberInput
          // biome-ignore lint/suspicious/noArrayIndexKey: a disk is known by its place and nothing else
          key={index}
          label={`Disk ${index + 2}`}
          description="0 takes it away"
          suffix=" GiB"
          min={0}
          decimalScale={2}
          value={Number((capacityBytes / GIB).toFixed(2))}
          error={fieldError(findings, 'overrides.extraDisks')}
          onChange={(value) => resize(index, value)}
          data-testid={`disk-${index + 2}`}
        />
      ))}
      {extraDisks.length < MOST_DISKS && template.source.kind !== 'tryout' ? (
        <button
          type="button"
          className="link-button add-disk"
          onClick={() => change({ extraDisks: [...extraDisks, { capacityBytes: FIRST_SIZE }] })}
          data-testid="add-disk"
        >
          Add a disk
        </button>
      ) : null}
    </>
  );
}
