import { Select } from '@mantine/core';
import { useEffect, useState } from 'react';
import { FILTER_PRESETS } from '../../../src-contract/model/filter.ts';
import type { HostNetworks } from '../../../src-contract/model/host-networks.ts';
import type { NetworkChoice } from '../../../src-contract/model/template.ts';
import { hostNetworks } from '../../bridge/commands.ts';
import { effectiveHardware } from './form-model.ts';
import { type ChangeProps, fieldError } from './section-props.ts';

const FILTERS: Record<(typeof FILTER_PRESETS)[number], string> = {
  'allow-all': 'Nothing besides the department’s filter',
  'allow-outbound': 'Connections to the machine',
  'internet-only': 'All but web, DNS and time',
  'block-all': 'Everything',
  'allow-all-but-services': 'SSH, SMB and databases',
};

/** A choice as one word: `auto`, `network:default`, `bridge:br0`. */
function wordOf(choice: NetworkChoice): string {
  return choice.kind === 'network' || choice.kind === 'bridge'
    ? `${choice.kind}:${choice.name}`
    : choice.kind;
}

function choiceOf(word: string): NetworkChoice | null {
  if (word === 'auto' || word === 'user' || word === 'none') return { kind: word };
  const [, kind, name = ''] = /^(network|bridge):(.+)$/.exec(word) ?? [];
  return kind === 'network' || kind === 'bridge' ? { kind, name } : null;
}

/** What this host has, with what is chosen even if the host has it not. */
function choices({ networks, bridges }: HostNetworks, chosen: NetworkChoice) {
  const all = [
    { value: 'auto', label: 'Automatic' },
    ...networks.map(({ name, active }) => ({
      value: `network:${name}`,
      label: active ? `Network ${name}` : `Network ${name} (not active)`,
    })),
    ...bridges.map(({ name, up }) => ({
      value: `bridge:${name}`,
      label: up ? `Bridge ${name}` : `Bridge ${name} (down)`,
    })),
    { value: 'user', label: 'User mode (outgoing only)' },
    { value: 'none', label: 'None' },
  ];
  const value = wordOf(chosen);
  if (all.some((item) => item.value === value)) return all;
  return [...all, { value, label: value.replace(':', ' ') }];
}

function useHostNetworks(): HostNetworks {
  const [found, setFound] = useState<HostNetworks>({ networks: [], bridges: [] });
  useEffect(() => {
    let gone = false;
    void hostNetworks().then((answer) => {
      if (answer.ok && !gone) setFound(answer.value);
    });
    return () => {
      gone = true;
    };
  }, []);
  return found;
}

/** Which network the machine is on, and what its filter keeps out. */
export function NetworkFields({ form, template, findings, change }: ChangeProps) {
  const { network } = effectiveHardware(template, form.overrides);
  const found = useHostNetworks();
  return (
    <>
      <Select
        label="Network"
        allowDeselect={false}
        value={wordOf(network)}
        data={choices(found, network)}
        error={fieldError(findings, 'overrides.network')}
        onChange={(value) => {
          const choice = choiceOf(value ?? '');
          if (choice !== null) change({ network: choice });
        }}
        data-testid="network"
      />
      <Select
        label="Keep out"
        allowDeselect={false}
        value={form.overrides.filter?.preset ?? 'allow-all'}
        data={FILTER_PRESETS.map((value) => ({ value, label: FILTERS[value] }))}
        onChange={(value) => {
          const preset = FILTER_PRESETS.find((item) => item === value);
          if (preset) change({ filter: { preset, rules: [] } });
        }}
        data-testid="filter"
      />
    </>
  );
}
