import { Button, TextInput } from '@mantine/core';
import { useState } from 'react';
import { deleteCategory, saveCategory } from '../../bridge/template-commands.ts';
import { useBerthShallow } from '../../store/use-berth.ts';
import { report } from '../../ui/notify.ts';

/** An id that a name suggests; the main process says when it cannot be one. */
const idOf = (name: string): string =>
  name
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-|-$/g, '');

/** The shelves of the gallery. */
export function CategoriesPanel({ editable }: { editable: boolean }) {
  const categories = useBerthShallow((state) => state.categories);
  const [name, setName] = useState('');
  const add = async () => {
    const answer = await saveCategory({ id: idOf(name), name: name.trim() });
    if (report(answer, 'The category could not be made')) setName('');
  };
  const remove = async (id: string) => {
    report(await deleteCategory(id), 'The category could not be deleted');
  };
  return (
    <section className="card card-pad stack" aria-label="Categories">
      <ul className="categories">
        {categories.map(({ id, name: shown, description, builtIn }) => (
          <li key={id} data-testid="category">
            <span>{shown}</span>
            <span className="muted ellipsis">{description}</span>
            {builtIn || !editable ? null : (
              <Button
                size="xs"
                variant="default"
                aria-label={`Delete ${shown}`}
                onClick={() => void remove(id)}
              >
                Delete
              </Button>
            )}
          </li>
        ))}
      </ul>
      {editable ? (
        <form
          className="row"
          onSubmit={(event) => {
            event.preventDefault();
            void add();
          }}
        >
          <TextInput
            aria-label="Name of the new category"
            placeholder="a new category"
            maxLength={60}
            value={name}
            onChange={(event) => setName(event.currentTarget.value)}
          />
          <Button type="submit" variant="default" disabled={idOf(name) === ''}>
            Add category
          </Button>
        </form>
      ) : null}
    </section>
  );
}
