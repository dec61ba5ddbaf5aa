import type { Template } from '../../../src-contract/model/template.ts';
import { useBerthShallow } from '../../store/use-berth.ts';
import { formatBytes, formatCpus, formatEstimate } from '../../ui/format.ts';
import { href } from '../../ui/navigation.ts';
import { OsIcon } from '../../ui/OsIcon.tsx';
import { PageHeader } from '../../ui/PageHeader.tsx';

const SOURCE: Record<Template['source']['kind'], string> = {
  image: 'Disk image',
  tryout: 'From this computer',
  blank: 'Empty disk',
  installer: 'Installation medium',
};

function TemplateCard({ template }: { template: Template }) {
  return (
    <li>
      <a
        className="card template-card"
        href={href.create(template.id)}
        data-testid="template-card"
        data-template={template.id}
      >
        <div className="template-head">
          <OsIcon label={`${template.os.label} ${template.source.kind}`} />
          <h2>{template.name}</h2>
        </div>
        <p>{template.description}</p>
        <div className="template-foot">
          <span className="speed">ready in {formatEstimate(template.typicalSeconds)}</span>
          <span>{SOURCE[template.source.kind]}</span>
          <span className="tabular">
            {formatCpus(template.vcpus)} · {formatBytes(template.memoryBytes)} ·{' '}
            {template.diskBytes === 0 ? 'no disk' : formatBytes(template.diskBytes)}
          </span>
        </div>
      </a>
    </li>
  );
}

export function TemplateGallery() {
  const templates = useBerthShallow((state) => state.templates.filter(({ active }) => active));
  return (
    <div className="page" data-testid="template-gallery">
      <PageHeader
        title="New machine"
        subtitle="What should it be? Everything can be changed on the next page."
        back={{ to: href.library(), label: 'Back to the machines' }}
      />
      <div className="page-body">
        <ul className="gallery page-width">
          {templates.map((template) => (
            <TemplateCard key={template.id} template={template} />
          ))}
        </ul>
      </div>
    </div>
  );
}
