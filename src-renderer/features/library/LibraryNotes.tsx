import { CloseButton } from '@mantine/core';
import { useState } from 'react';
import { useBerth } from '../../store/use-berth.ts';
import { FindingRow } from '../../ui/FindingRow.tsx';

const KEY = 'berth-notes-read';

function readNotes(): ReadonlySet<string> {
  try {
    const stored: unknown = JSON.parse(localStorage.getItem(KEY) ?? '[]');
    return new Set(Array.isArray(stored) ? stored.filter((item) => typeof item === 'string') : []);
  } catch {
    return new Set();
  }
}

const SLOW =
  'Machines run without hardware acceleration on this computer, so they are several times slower.';

/** Things said once: notices of main, and that the host has no KVM. */
export function LibraryNotes() {
  const notices = useBerth((state) => state.notices);
  const slow = useBerth(({ host }) =>
    host?.connection === 'connected' && host.accelerator === 'tcg'
      ? (host.acceleratorReason ?? 'KVM is not available.')
      : null,
  );
  const [read, setRead] = useState(readNotes);
  const notes = [
    ...notices.map((text) => ({ key: text, text, hint: undefined })),
    ...(slow ? [{ key: 'tcg', text: SLOW, hint: slow }] : []),
  ].filter((note) => !read.has(note.key));
  if (notes.length === 0) return null;
  const dismiss = (key: string) => {
    const next = new Set(read).add(key);
    localStorage.setItem(KEY, JSON.stringify([...next]));
    setRead(next);
  };
  return (
    <div className="library-notes" data-testid="library-notes">
      {notes.map((note) => (
        <div key={note.key} className="library-note">
          <FindingRow severity="info" message={note.text} hint={note.hint} />
          <CloseButton size="sm" aria-label="Dismiss the note" onClick={() => dismiss(note.key)} />
        </div>
      ))}
    </div>
  );
}
