import { Checkbox, TextInput } from '@mantine/core';
import { useState } from 'react';

type Parameter = { name: string; label: string; default: string; pattern: string | null };
type Offered = { id: string; name: string; description: string; parameters: readonly Parameter[] };
type Chosen = { id: string; parameters: Record<string, string> };

type Props = {
  applications: readonly Offered[];
  chosen: readonly Chosen[];
  /** Ids that are part of it anyway. */
  fixed?: readonly string[];
  onChange: (chosen: Chosen[]) => void;
};

/** A value that fits its parameter; what is no regular expression fits everything. */
function fits(value: string, pattern: string | null): boolean {
  if (pattern === null) return true;
  try {
    return new RegExp(`^(?:${pattern})$`, 'u').test(value);
  } catch {
    return true;
  }
}

function Parameters({ application, chosen, onChange }: ParametersProps) {
  return (
    <div className="application-parameters">
      {application.parameters.map(({ name, label, default: preset, pattern }) => {
        const value = chosen.parameters[name] ?? '';
        return (
          <TextInput
            key={name}
            size="xs"
            label={label}
            aria-label={`${label} of ${application.name}`}
            placeholder={preset}
            maxLength={400}
            spellCheck={false}
            value={value}
            error={value === '' || fits(value, pattern) ? null : `Must match ${pattern}.`}
            onChange={(event) => {
              const { [name]: _, ...others } = chosen.parameters;
              const text = event.currentTarget.value;
              onChange({
                ...chosen,
                parameters: text === '' ? others : { ...others, [name]: text },
              });
            }}
          />
        );
      })}
    </div>
  );
}

type ParametersProps = {
  application: Offered;
  chosen: Chosen;
  onChange: (chosen: Chosen) => void;
};

/** What the guest installs at its first boot: search, tick, parameters. */
export function ApplicationPicker({ applications, chosen, fixed = [], onChange }: Props) {
  const [search, setSearch] = useState('');
  const words = search.trim().toLowerCase();
  const shown = applications.filter(({ name, description, id }) =>
    `${id} ${name} ${description}`.toLowerCase().includes(words),
  );
  return (
    <div className="stack" data-testid="application-picker">
      <TextInput
        size="xs"
        aria-label="Search applications"
        placeholder="Search applications"
        value={search}
        onChange={(event) => setSearch(event.currentTarget.value)}
      />
      {shown.length === 0 ? <span className="muted">None found.</span> : null}
      <ul className="application-list">
        {shown.map((application) => {
          const found = chosen.find(({ id }) => id === application.id);
          const isFixed = fixed.includes(application.id);
          return (
            <li key={application.id} data-testid="application" data-application={application.id}>
              <Checkbox
                label={application.name}
                description={isFixed ? 'Part of the template' : application.description}
                checked={found !== undefined || isFixed}
                disabled={isFixed}
                onChange={(event) => {
                  const others = chosen.filter(({ id }) => id !== application.id);
                  const added = { id: application.id, parameters: {} };
                  onChange(event.currentTarget.checked ? [...others, added] : others);
                }}
              />
              {found && application.parameters.length > 0 ? (
                <Parameters
                  application={application}
                  chosen={found}
                  onChange={(next) =>
                    onChange(chosen.map((one) => (one.id === next.id ? next : one)))
                  }
                />
              ) : null}
            </li>
          );
        })}
      </ul>
    </div>
  );
}
