import { Checkbox, TextInput } from '@mantine/core';
import { useState } from 'react';
import type { Template } from '../../../src-contract/model/template.ts';
import { useBerthShallow } from '../../store/use-berth.ts';
import { TemplateCard } from './TemplateCard.tsx';
import { matches } from './template-form.ts';

type Props = { editable: boolean; onEdit: (template: Template) => void };

/** All templates by their category. */
export function TemplateGallery({ editable, onEdit }: Props) {
  const templates = useBerthShallow((state) => state.templates);
  const categories = useBerthShallow((state) => state.categories);
  const [search, setSearch] = useState('');
  const [archived, setArchived] = useState(false);
  const shown = templates.filter((one) => matches(one, search) && (archived || one.active));
  const shelves = categories
    .map((category) => ({
      ...category,
      templates: shown.filter(({ categoryId }) => categoryId === category.id),
    }))
    .filter((shelf) => shelf.templates.length > 0);
  return (
    <div className="stack">
      <div className="row template-tools">
        <TextInput
          className="template-search"
          aria-label="Search templates"
          placeholder="Search templates"
          value={search}
          onChange={(event) => setSearch(event.currentTarget.value)}
        />
        <Checkbox
          label="Archived ones too"
          checked={archived}
          onChange={(event) => setArchived(event.currentTarget.checked)}
        />
      </div>
      {shelves.length === 0 ? <p className="muted">No template fits.</p> : null}
      {shelves.map((shelf) => (
        <section key={shelf.id} aria-label={shelf.name} data-testid="shelf">
          <h2 className="card-title">{shelf.name}</h2>
          <p className="muted">{shelf.description}</p>
          <ul className="template-shelf">
            {shelf.templates.map((template) => (
              <TemplateCard
                key={template.id}
                template={template}
                editable={editable}
                onEdit={onEdit}
              />
            ))}
          </ul>
        </section>
      ))}
    </div>
  );
}
