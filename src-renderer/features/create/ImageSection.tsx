import { Button, Select } from '@mantine/core';
import { IconFilePlus } from '@tabler/icons-react';
import { useState } from 'react';
import { answersWindows } from '../../../src-contract/model/unattended.ts';
import { useBerth, useBerthShallow } from '../../store/use-berth.ts';
import { formatBytes } from '../../ui/format.ts';
import { ProgressBar } from '../../ui/ProgressBar.tsx';
import { fieldError, type SectionProps } from './section-props.ts';
import { addImage } from './use-fixes.ts';
import { WindowsFields } from './WindowsFields.tsx';

/** The image that the disk starts from, with the way to add one without leaving the page. */
export function ImageSection(props: SectionProps) {
  const { form, template, findings, patch } = props;
  const [adding, setAdding] = useState(false);
  const images = useBerthShallow((state) => [...state.media.values()]);
  const { source } = template;
  const installer = source.kind === 'installer';
  const fixed = source.kind === 'image' || installer ? source.mediaId : null;
  const name = installer ? 'Installation medium' : 'Image';
  const chosen = form.overrides.mediaId ?? fixed;
  const image = useBerth((state) => (chosen === null ? undefined : state.media.get(chosen)));
  const kind = installer ? 'iso' : 'image';
  const importing = images.filter(({ state }) => state === 'importing');
  const choose = (mediaId: string | null) => {
    if (mediaId !== null) patch({ overrides: { ...form.overrides, mediaId } });
  };
  const add = async () => {
    setAdding(true);
    choose(await addImage());
    setAdding(false);
  };
  return (
    <section className="card card-pad stack" aria-label={name}>
      <div className="row image-row">
        <Select
          className="image-select"
          label={name}
          placeholder={images.length === 0 ? 'No image yet' : 'Choose an image'}
          value={chosen}
          data={images
            .filter((one) => one.state !== 'failed' && one.kind === kind)
            .map(({ id, name, virtualBytes, state }) => ({
              value: id,
              label: state === 'ready' ? `${name} (${formatBytes(virtualBytes)})` : `${name} …`,
            }))}
          error={fieldError(findings, 'overrides.mediaId')}
          onChange={choose}
          searchable={images.length > 8}
          data-testid="image"
        />
        <Button
          variant="default"
          leftSection={<IconFilePlus size={16} />}
          loading={adding}
          onClick={add}
        >
          Add an image…
        </Button>
      </div>
      {importing.map((item) => (
        <div key={item.id} className="stack" aria-live="polite">
          <span className="muted">Importing {item.name}</span>
          <ProgressBar value={item.progress} label={`Importing ${item.name}`} />
        </div>
      ))}
      {image ? (
        <span className="muted">
          {image.installer?.osLabel ?? image.format} · {formatBytes(image.fileBytes)} on disk,
          shared by all machines made from it
        </span>
      ) : null}
      {answersWindows(template) ? <WindowsFields {...props} /> : null}
    </section>
  );
}
