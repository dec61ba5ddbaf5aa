import { Button, FileButton } from '@mantine/core';
import { useState } from 'react';
import type { ErrorData } from '../../../src-contract/model/error.ts';
import type { ImportConflict, ImportResult } from '../../../src-contract/model/template-bundle.ts';
import {
  backUpTemplates,
  exportTemplates,
  importTemplates,
  restoreTemplates,
} from '../../bridge/template-commands.ts';
import { Choice } from '../../ui/Choice.tsx';
import { ConfirmButton } from '../../ui/ConfirmButton.tsx';
import { downloadJson } from '../../ui/download.ts';
import { ErrorPanel } from '../../ui/ErrorPanel.tsx';
import { report } from '../../ui/notify.ts';

const CONFLICTS = [
  { value: 'skip', label: 'Keep what is here' },
  { value: 'replace', label: 'Replace it' },
  { value: 'rename', label: 'Take it in beside it' },
] as const;

const ACTIONS: Record<ImportResult[number]['action'], string> = {
  added: 'added',
  replaced: 'replaced',
  renamed: 'added under another id',
  skipped: 'left as they were',
};

function summary(result: ImportResult): string {
  const counts = new Map<string, number>();
  for (const { action } of result)
    counts.set(ACTIONS[action], (counts.get(ACTIONS[action]) ?? 0) + 1);
  if (counts.size === 0) return 'There was nothing in it.';
  return [...counts].map(([what, count]) => `${count} ${what}`).join(', ');
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

async function exportAll(): Promise<void> {
  const answer = await exportTemplates();
  if (report(answer, 'The templates could not be exported') && answer.ok) {
    downloadJson('templates.berth.json', answer.value);
  }
}

/** Templates as a file: out, in, and as a backup. */
export function Transfer({ mayRestore }: { mayRestore: boolean }) {
  const [conflict, setConflict] = useState<ImportConflict>('skip');
  const [said, setSaid] = useState('');
  const [error, setError] = useState<ErrorData | null>(null);
  const tell = (answer: Awaited<ReturnType<typeof importTemplates>>) => {
    setError(answer.ok ? null : answer.error);
    setSaid(answer.ok ? summary(answer.value) : '');
  };
  const take = async (file: File | null) => {
    if (file) tell(await importTemplates(parse(await file.text()), conflict));
  };
  const backUp = async () => {
    const answer = await backUpTemplates();
    setError(answer.ok ? null : answer.error);
    setSaid(answer.ok ? `Saved as ${answer.value.name}` : '');
  };
  return (
    <section className="card card-pad stack" aria-label="Import, export and backup">
      <h2 className="card-title">Import, export and backup</h2>
      <p className="muted">
        Every day a backup of your own templates, categories, applications and policies is made.
      </p>
      <div className="row template-transfer">
        <Choice
          label="When an id is taken"
          value={conflict}
          items={CONFLICTS}
          onChange={setConflict}
        />
        <FileButton accept="application/json,.json" onChange={(file) => void take(file)}>
          {(props) => (
            <Button variant="default" {...props}>
              Import a file
            </Button>
          )}
        </FileButton>
        <Button variant="default" onClick={() => void exportAll()}>
          Export my own
        </Button>
        <Button variant="default" onClick={() => void backUp()}>
          Back up now
        </Button>
        {mayRestore ? (
          <ConfirmButton
            label="Restore the newest backup"
            question="Replace what has the same ids?"
            confirmLabel="Restore"
            keepLabel="Keep"
            onConfirm={async () => tell(await restoreTemplates())}
          />
        ) : null}
      </div>
      <output data-testid="transfer-result">{said}</output>
      {error ? <ErrorPanel {...error} fix={undefined} /> : null}
    </section>
  );
}
