import { Checkbox, Textarea } from '@mantine/core';
import { useBerth } from '../../store/use-berth.ts';
import { Disclosure } from '../../ui/Disclosure.tsx';
import { fieldError, type SectionProps } from './section-props.ts';

/** SSH keys that may log in: the ones found on this computer, and others by pasting. */
export function KeyPicker({ form, findings, patch }: SectionProps) {
  const found = useBerth((state) => state.sshKeys);
  const toggle = (key: string, on: boolean) =>
    patch({ keys: on ? [...form.keys, key] : form.keys.filter((other) => other !== key) });
  return (
    <fieldset className="wide keys-field">
      <legend>SSH keys</legend>
      <div className="keys">
        {found.map(({ name, key }) => (
          <Checkbox
            key={key}
            size="xs"
            label={name}
            description={key.split(' ').at(0)}
            checked={form.keys.includes(key)}
            onChange={(event) => toggle(key, event.currentTarget.checked)}
          />
        ))}
        {found.length === 0 ? (
          <span className="muted">None found in ~/.ssh. The password works without one.</span>
        ) : null}
        <Disclosure label="Paste another key" initiallyOpen={form.pastedKey !== ''}>
          {() => (
            <Textarea
              aria-label="Public SSH keys, one a line"
              placeholder="ssh-ed25519 AAAA…"
              minRows={2}
              maxRows={6}
              spellCheck={false}
              value={form.pastedKey}
              error={fieldError(findings, 'sshKeys')}
              onChange={(event) => patch({ pastedKey: event.currentTarget.value })}
            />
          )}
        </Disclosure>
      </div>
    </fieldset>
  );
}
