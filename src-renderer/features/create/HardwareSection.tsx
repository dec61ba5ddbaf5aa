import { NumberInput, Select } from '@mantine/core';
import { useState } from 'react';
import type { Overrides } from '../../../src-contract/model/create-request.ts';
import type { NetworkChoice } from '../../../src-contract/model/template.ts';
import { FoldedLine } from '../../ui/FoldedLine.tsx';
import { formatBytes, formatCpus } from '../../ui/format.ts';
import { effectiveHardware } from './form-model.ts';
import { GpuFields } from './GpuFields.tsx';
import { NetworkFields } from './NetworkFields.tsx';
import { ExtraDiskFields, PlacementFields } from './PlacementFields.tsx';
import { type ChangeProps, fieldError, type SectionProps } from './section-props.ts';

const MIB = 1024 ** 2;
const GIB = 1024 ** 3;

const FIRMWARE = [
  { value: 'bios', label: 'BIOS' },
  { value: 'uefi', label: 'UEFI' },
  { value: 'uefi-secure', label: 'UEFI, Secure Boot' },
] as const;

function networkLabel(choice: NetworkChoice): string {
  switch (choice.kind) {
    case 'auto':
      return 'network automatic';
    case 'network':
      return `network ${choice.name}`;
    case 'bridge':
      return `bridge ${choice.name}`;
    case 'user':
      return 'user-mode network';
    case 'none':
      return 'no network';
  }
}

function SizeFields({ form, template, findings, change }: ChangeProps) {
  const hardware = effectiveHardware(template, form.overrides);
  const whole = (value: string | number) => (typeof value === 'number' ? Math.round(value) : null);
  return (
    <>
      <NumberInput
        label="CPUs"
        min={1}
        max={512}
        allowDecimal={false}
        value={hardware.vcpus}
        error={fieldError(findings, 'overrides.vcpus')}
        onChange={(value) => {
          const vcpus = whole(value);
          if (vcpus !== null && vcpus >= 1) change({ vcpus });
        }}
        data-testid="vcpus"
      />
      <NumberInput
        label="Memory"
        suffix=" MiB"
        min={64}
        step={256}
        allowDecimal={false}
        value={Math.round(hardware.memoryBytes / MIB)}
        error={fieldError(findings, 'overrides.memoryBytes')}
        onChange={(value) => {
          const mib = whole(value);
          if (mib !== null && mib > 0) change({ memoryBytes: mib * MIB });
        }}
        data-testid="memory"
      />
      <NumberInput
        label="Disk"
        suffix=" GiB"
        min={1}
        decimalScale={2}
        value={Number((hardware.diskBytes / GIB).toFixed(2))}
        error={fieldError(findings, 'overrides.diskBytes')}
        onChange={(value) => {
          if (typeof value === 'number' && value > 0)
            change({ diskBytes: Math.round(value * GIB) });
        }}
        data-testid="disk"
      />
    </>
  );
}

function FirmwareField({ form, template, findings, change }: ChangeProps) {
  const { firmware } = effectiveHardware(template, form.overrides);
  return (
    <Select
      label="Firmware"
      allowDeselect={false}
      value={firmware}
      data={FIRMWARE.map((item) => ({ ...item }))}
      error={fieldError(findings, 'overrides.firmware')}
      onChange={(value) => {
        const chosen = FIRMWARE.find((item) => item.value === value);
        if (chosen) change({ firmware: chosen.value });
      }}
    />
  );
}

/** One line of hardware that opens into its controls. */
export function HardwareSection(props: SectionProps) {
  const { form, template, findings, patch } = props;
  const troubled = findings.some(
    ({ field, severity }) =>
      severity === 'error' && (field === 'gpus' || field?.startsWith('overrides.')),
  );
  const [open, setOpen] = useState(Object.keys(form.overrides).some((key) => key !== 'mediaId'));
  const hardware = effectiveHardware(template, form.overrides);
  const firmware = FIRMWARE.find(({ value }) => value === hardware.firmware)?.label ?? '';
  const change = (part: Partial<Overrides>) => patch({ overrides: { ...form.overrides, ...part } });
  const { mediaId } = form.overrides;
  const changed = Object.keys(form.overrides).some((key) => key !== 'mediaId');
  return (
    <section className="card card-pad" aria-label="Hardware" data-troubled={troubled || undefined}>
      <FoldedLine
        title="Hardware"
        summary={[
          formatCpus(hardware.vcpus),
          formatBytes(hardware.memoryBytes),
          formatBytes(hardware.diskBytes),
          networkLabel(hardware.network),
          firmware,
        ].join(' · ')}
        open={open}
        onToggle={setOpen}
        testId="hardware"
      />
      {open ? (
        <div className="fields hardware-fields">
          <SizeFields {...props} change={change} />
          <FirmwareField {...props} change={change} />
          <NetworkFields {...props} change={change} />
          <PlacementFields {...props} change={change} />
          <ExtraDiskFields {...props} change={change} />
          <GpuFields {...props} change={change} />
          {changed ? (
            <button
              type="button"
              className="link-button reset"
              onClick={() => patch({ overrides: mediaId === undefined ? {} : { mediaId } })}
            >
              Back to the template’s values
            </button>
          ) : null}
        </div>
      ) : null}
    </section>
  );
}
