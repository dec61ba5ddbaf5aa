import './create.css';
import { IconHelp } from '@tabler/icons-react';
import { useBerth } from '../../store/use-berth.ts';
import { EmptyState } from '../../ui/EmptyState.tsx';
import { href } from '../../ui/navigation.ts';
import { CreatePage } from './CreatePage.tsx';
import { TemplateGallery } from './TemplateGallery.tsx';

type Props = { templateId: string | null; retryOf: string | null; mended: boolean };

export function CreateView({ templateId, retryOf, mended }: Props) {
  const template = useBerth((state) => state.templates.find(({ id }) => id === templateId));
  if (templateId === null) return <TemplateGallery />;
  if (!template) {
    return (
      <EmptyState
        icon={<IconHelp size={36} stroke={1.6} />}
        title="This template is gone"
        actions={<a href={href.gallery()}>Choose another one</a>}
      >
        There is no template “{templateId}”.
      </EmptyState>
    );
  }
  return (
    <CreatePage
      key={`${template.id} ${retryOf}`}
      template={template}
      retryOf={retryOf}
      mended={mended}
    />
  );
}
