import { NumberInput, Select } from '@mantine/core';
import { useState } from 'react';
import { MANY_MAX } from '../../../src-contract/model/create-request.ts';
import { FoldedLine } from '../../ui/FoldedLine.tsx';
import { fieldError, type SectionProps } from './section-props.ts';

const PRIORITIES = [
  { value: '10', label: 'Before others' },
  { value: '0', label: 'In its turn' },
  { value: '-10', label: 'After others' },
];

/** The usual ones, and the one that it has now. */
function priorities(now: string) {
  const known = PRIORITIES.some(({ value }) => value === now);
  return known ? PRIORITIES : [...PRIORITIES, { value: now, label: `Priority ${now}` }];
}

/** `web-1 … web-12`: the first and the last, as the numbering skips names that are taken. */
function namesText(names: readonly string[], asked: string): string {
  const first = names[0] ?? `${asked}-1`;
  return names.length < 2 ? `${first} …` : `${first} … ${names.at(-1)}`;
}

type Props = SectionProps & {
  /** Names that the plan gave to several machines. */
  names: readonly string[];
  /** A retry makes one machine again. */
  single: boolean;
};

/** How many machines like this one, and whether they are served before others that wait. */
export function AmountSection({ form, findings, patch, names, single }: Props) {
  const { count, priority } = form;
  const [open, setOpen] = useState(count > 1 || priority !== 0);
  const options = priorities(String(priority));
  const turn = options.find(({ value }) => value === String(priority))?.label ?? '';
  const many = count > 1;
  const summary = [
    many ? `${count} machines, ${namesText(names, form.name)}` : 'One machine',
    ...(priority === 0 ? [] : [turn.toLowerCase()]),
  ];
  return (
    <section className="card card-pad" aria-label="Number and priority">
      <FoldedLine
        title="How many"
        summary={summary.join(' · ')}
        open={open}
        onToggle={setOpen}
        testId="amount"
      />
      {open ? (
        <div className="fields hardware-fields">
          {single ? null : (
            <NumberInput
              label="Machines"
              description={many ? namesText(names, form.name) : 'All alike, with numbered names'}
              min={1}
              max={MANY_MAX}
              clampBehavior="strict"
              allowDecimal={false}
              allowNegative={false}
              value={count}
              error={fieldError(findings, 'count')}
              onChange={(value) => {
                if (typeof value === 'number' && value >= 1) patch({ count: value });
              }}
              data-testid="count"
            />
          )}
          <Select
            label="When others wait too"
            description="Matters only while creations queue"
            allowDeselect={false}
            value={String(priority)}
            data={options}
            onChange={(value) => {
              if (value !== null) patch({ priority: Number(value) });
            }}
            data-testid="priority"
          />
        </div>
      ) : null}
    </section>
  );
}
