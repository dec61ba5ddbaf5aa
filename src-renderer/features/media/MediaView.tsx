import './media.css';
import { Button } from '@mantine/core';
import { IconDisc, IconFilePlus } from '@tabler/icons-react';
import { useState } from 'react';
import type { Media } from '../../../src-contract/model/media.ts';
import { addMedia, pickMedia } from '../../bridge/commands.ts';
import { may } from '../../store/roles.ts';
import { useBerth, useBerthShallow } from '../../store/use-berth.ts';
import { EmptyState } from '../../ui/EmptyState.tsx';
import { report } from '../../ui/notify.ts';
import { PageHeader } from '../../ui/PageHeader.tsx';
import { MediaItem } from './MediaItem.tsx';
import { PathForm } from './PathForm.tsx';

/** Imports one file; main copies it and reports progress by events until the answer comes. */
async function add(path: string): Promise<boolean> {
  return report(await addMedia(path), 'The image could not be added');
}

async function pickAndAdd(): Promise<void> {
  const picked = await pickMedia();
  report(picked, 'The file dialog could not be opened');
  if (picked.ok && picked.value !== null) await add(picked.value);
}

function MediaList({ items }: { items: readonly Media[] }) {
  return (
    <ul className="card media-list">
      {items.map((item) => (
        <MediaItem key={item.id} item={item} />
      ))}
    </ul>
  );
}

/** The images that machines are made from. */
export function MediaView() {
  const items = useBerthShallow((state) =>
    [...state.media.values()].sort((a, b) => a.name.localeCompare(b.name)),
  );
  const mayAdd = useBerth((state) => may(state, 'media.add'));
  const [byPath, setByPath] = useState(false);
  const empty = items.length === 0;
  const buttons = (
    <>
      <Button variant="default" onClick={() => setByPath(!byPath)} aria-expanded={byPath}>
        Add by path
      </Button>
      <Button leftSection={<IconFilePlus size={16} />} onClick={() => void pickAndAdd()}>
        Add an image…
      </Button>
    </>
  );
  return (
    <div className="page" data-testid="media-page">
      <PageHeader title="Images" subtitle={empty ? null : 'Disk images that machines start from'}>
        {empty || !mayAdd ? null : buttons}
      </PageHeader>
      <div className="page-body media-body">
        {byPath ? <PathForm onAdd={add} /> : null}
        {empty ? (
          <EmptyState
            icon={<IconDisc size={36} stroke={1.6} />}
            title="No images yet"
            actions={mayAdd ? buttons : null}
          >
            Add a cloud image (qcow2 or raw), such as Debian’s “generic” or Ubuntu’s server image.
            It is copied once and shared by all machines made from it.
          </EmptyState>
        ) : (
          <MediaList items={items} />
        )}
      </div>
    </div>
  );
}
