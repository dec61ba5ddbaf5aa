import { Checkbox, NumberInput, TextInput } from '@mantine/core';
import type { NetworkChoice } from '../../../src-contract/model/template.ts';
import { Choice } from '../../ui/Choice.tsx';
import type { FieldProps } from './field-props.ts';
import { GIB, MIB } from './template-form.ts';

const FIRMWARE = [
  { value: 'bios', label: 'BIOS' },
  { value: 'uefi', label: 'UEFI' },
  { value: 'uefi-secure', label: 'UEFI, Secure Boot' },
] as const;
const VIDEO = [
  { value: 'virtio', label: 'virtio' },
  { value: 'qxl', label: 'QXL' },
  { value: 'vga', label: 'VGA' },
] as const;
const NETWORKS = [
  { value: 'auto', label: 'Automatic' },
  { value: 'network', label: 'A libvirt network' },
  { value: 'bridge', label: 'A bridge' },
  { value: 'user', label: 'User mode' },
  { value: 'none', label: 'None' },
] as const;
const CPU_POLICIES = [
  { value: 'none', label: 'Wherever there is room' },
  { value: 'numa', label: 'One NUMA node' },
  { value: 'dedicated', label: 'Host CPUs of its own' },
] as const;
const HUGEPAGES = [
  { value: 'none', label: 'No' },
  { value: 'preferred', label: 'Where there are some' },
  { value: 'required', label: 'Required' },
] as const;

type SizeProps = {
  label: string;
  value: number;
  unit: number;
  suffix?: string;
  error?: string | undefined;
  onChange: (value: number) => void;
};

function Size({ label, value, unit, suffix = '', error, onChange }: SizeProps) {
  return (
    <NumberInput
      label={label}
      suffix={suffix}
      min={0}
      decimalScale={2}
      value={Number((value / unit).toFixed(2))}
      error={error}
      onChange={(next) => {
        if (typeof next === 'number' && next >= 0) onChange(Math.round(next * unit));
      }}
    />
  );
}

export function SizeFields({ form, problems, patch }: FieldProps) {
  return (
    <>
      <NumberInput
        label="CPUs"
        min={1}
        max={512}
        allowDecimal={false}
        value={form.vcpus}
        onChange={(value) => {
          if (typeof value === 'number' && value >= 1) patch({ vcpus: value });
        }}
      />
      <Size
        label="Memory"
        suffix=" MiB"
        unit={MIB}
        value={form.memoryBytes}
        onChange={(memoryBytes) => patch({ memoryBytes })}
      />
      <Size
        label="Disk"
        suffix=" GiB"
        unit={GIB}
        value={form.diskBytes}
        error={problems.diskBytes}
        onChange={(diskBytes) => patch({ diskBytes })}
      />
      <TextInput
        label="More disks (GiB)"
        placeholder="none"
        defaultValue={form.extraDisks.map((one) => one.capacityBytes / GIB).join(', ')}
        onChange={(event) => patch({ extraDisks: parseDisks(event.currentTarget.value) })}
      />
    </>
  );
}

/** `10, 20`: what is no size is left out. */
function parseDisks(text: string): { capacityBytes: number }[] {
  return text
    .split(/[,;\s]+/)
    .map((word) => Math.round(Number(word) * GIB))
    .filter((capacityBytes) => capacityBytes >= MIB)
    .map((capacityBytes) => ({ capacityBytes }));
}

export function MinimumFields({ form, patch }: FieldProps) {
  const { minimum } = form;
  const change = (part: Partial<typeof minimum>) => patch({ minimum: { ...minimum, ...part } });
  return (
    <>
      <Size
        label="CPUs at least"
        unit={1}
        value={minimum.vcpus}
        onChange={(vcpus) => change({ vcpus })}
      />
      <Size
        label="Memory at least"
        suffix=" MiB"
        unit={MIB}
        value={minimum.memoryBytes}
        onChange={(memoryBytes) => change({ memoryBytes })}
      />
      <Size
        label="Disk at least"
        suffix=" GiB"
        unit={GIB}
        value={minimum.diskBytes}
        onChange={(diskBytes) => change({ diskBytes })}
      />
      <Flag
        label="Needs KVM"
        checked={form.needsKvm}
        onChange={(needsKvm) => patch({ needsKvm })}
      />
    </>
  );
}

type FlagProps = { label: string; checked: boolean; onChange: (checked: boolean) => void };

function Flag({ label, checked, onChange }: FlagProps) {
  return (
    <Checkbox
      className="flag"
      label={label}
      checked={checked}
      onChange={(event) => onChange(event.currentTarget.checked)}
    />
  );
}

export function DeviceFields({ form, patch }: FieldProps) {
  return (
    <>
      <Choice
        label="Firmware"
        value={form.firmware}
        items={FIRMWARE}
        onChange={(firmware) => patch({ firmware })}
      />
      <Choice
        label="Graphics"
        value={form.video}
        items={VIDEO}
        onChange={(video) => patch({ video })}
      />
      <Flag label="TPM" checked={form.tpm} onChange={(tpm) => patch({ tpm })} />
      <Flag label="Sound" checked={form.audio} onChange={(audio) => patch({ audio })} />
      <Flag
        label="3D by the host's graphics card"
        checked={form.acceleration3d}
        onChange={(acceleration3d) => patch({ acceleration3d })}
      />
      <Flag
        label="Port of InfiniService"
        checked={form.infiniService}
        onChange={(infiniService) => patch({ infiniService })}
      />
    </>
  );
}

function networkOf(kind: NetworkChoice['kind']): NetworkChoice {
  return kind === 'network' || kind === 'bridge' ? { kind, name: '' } : { kind };
}

export function PolicyFields({ form, problems, patch }: FieldProps) {
  const { network } = form;
  return (
    <>
      <Choice
        label="Network"
        value={network.kind}
        items={NETWORKS}
        onChange={(kind) => patch({ network: networkOf(kind) })}
      />
      {'name' in network ? (
        <TextInput
          label="Its name"
          value={network.name}
          spellCheck={false}
          error={problems.network}
          onChange={(event) => patch({ network: { ...network, name: event.currentTarget.value } })}
        />
      ) : null}
      <Choice
        label="CPU placement"
        value={form.cpuPolicy}
        items={CPU_POLICIES}
        onChange={(cpuPolicy) => patch({ cpuPolicy })}
      />
      <Choice
        label="Huge pages"
        value={form.hugepages}
        items={HUGEPAGES}
        onChange={(hugepages) => patch({ hugepages })}
      />
    </>
  );
}
