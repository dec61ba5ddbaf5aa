import { IconTrash } from '@tabler/icons-react';
import type { Media } from '../../../src-contract/model/media.ts';
import { removeMedia } from '../../bridge/commands.ts';
import { may } from '../../store/roles.ts';
import { useBerth } from '../../store/use-berth.ts';
import { ConfirmButton } from '../../ui/ConfirmButton.tsx';
import { CopyText } from '../../ui/CopyText.tsx';
import { ErrorPanel } from '../../ui/ErrorPanel.tsx';
import { formatBytes, formatDate } from '../../ui/format.ts';
import { report } from '../../ui/notify.ts';
import { OsIcon } from '../../ui/OsIcon.tsx';
import { ProgressBar } from '../../ui/ProgressBar.tsx';

function usage(count: number): string {
  if (count === 0) return 'not used';
  return count === 1 ? 'used by 1 machine' : `used by ${count} machines`;
}

function Facts({ item }: { item: Media }) {
  return (
    <div className="media-facts">
      <span>{item.format}</span>
      <span>
        {formatBytes(item.virtualBytes)} disk, {formatBytes(item.fileBytes)} file
      </span>
      <span>{usage(item.usedBy)}</span>
      <span>from {item.origin}</span>
      <span>added {formatDate(item.addedAt)}</span>
      {item.sha256 === null ? null : (
        <span className="row">
          SHA-256 <CopyText text={item.sha256} what="checksum" short={12} />
        </span>
      )}
    </div>
  );
}

export function MediaItem({ item }: { item: Media }) {
  const mayRemove = useBerth((state) => may(state, 'media.remove'));
  const importing = item.state === 'importing';
  const remove = async () => void report(await removeMedia(item.id), 'It could not be removed');
  return (
    <li className="media-item" data-testid="media-item" data-state={item.state}>
      <OsIcon label={`${item.name} image`} />
      <div>
        <div className="media-name ellipsis">{item.name}</div>
        <Facts item={item} />
      </div>
      {importing ? <span className="muted">Importing…</span> : null}
      {importing || !mayRemove ? null : (
        <ConfirmButton
          label="Remove"
          icon={<IconTrash size={16} />}
          question={
            item.usedBy > 0
              ? 'Machines use it. Try anyway?'
              : `Free ${formatBytes(item.fileBytes)}?`
          }
          confirmLabel="Remove"
          keepLabel="Keep"
          onConfirm={remove}
        />
      )}
      {importing || item.error ? (
        <div className="media-more">
          {importing ? (
            <ProgressBar value={item.progress} label={`Importing ${item.name}`} />
          ) : null}
          {item.error ? <ErrorPanel {...item.error} fix={undefined} /> : null}
        </div>
      ) : null}
    </li>
  );
}
