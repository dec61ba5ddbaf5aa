import { Button, Textarea, TextInput } from '@mantine/core';
import { Choice } from '../../ui/Choice.tsx';
import type { FieldProps } from './field-props.ts';

const SHELLS = [
  { value: 'sh', label: 'Shell' },
  { value: 'powershell', label: 'PowerShell' },
] as const;
const MOST = 16;

/** What runs once at the first boot, after the applications, in this order. */
export function ScriptFields({ form, problems, patch }: FieldProps) {
  const { firstBootScripts: scripts } = form;
  const change = (at: number, part: Partial<(typeof scripts)[number]>) =>
    patch({
      firstBootScripts: scripts.map((one, index) => (index === at ? { ...one, ...part } : one)),
    });
  return (
    <div className="stack wide">
      {scripts.map((script, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: scripts have no identity but their place
        <div key={at} className="stack" data-testid="first-boot-script">
          <div className="template-fields">
            <TextInput
              label={`Name of script ${at + 1}`}
              value={script.name}
              maxLength={80}
              onChange={(event) => change(at, { name: event.currentTarget.value })}
            />
            <Choice
              label={`Language of script ${at + 1}`}
              value={script.shell}
              items={SHELLS}
              onChange={(shell) => change(at, { shell })}
            />
          </div>
          <Textarea
            label={`Script ${at + 1}`}
            value={script.content}
            maxLength={65_536}
            autosize
            minRows={3}
            maxRows={16}
            spellCheck={false}
            onChange={(event) => change(at, { content: event.currentTarget.value })}
          />
          <Button
            size="xs"
            variant="default"
            onClick={() => patch({ firstBootScripts: scripts.filter((_, index) => index !== at) })}
          >
            Remove script {at + 1}
          </Button>
        </div>
      ))}
      {problems.scripts ? <span role="alert">{problems.scripts}</span> : null}
      {scripts.length < MOST ? (
        <Button
          size="xs"
          variant="default"
          onClick={() =>
            patch({ firstBootScripts: [...scripts, { name: '', shell: 'sh', content: '' }] })
          }
        >
          Add a script
        </Button>
      ) : null}
    </div>
  );
}
