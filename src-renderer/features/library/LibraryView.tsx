import './library.css';
import { Button } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { isEmpty } from '../../store/library-rows.ts';
import { isOpen } from '../../store/queue.ts';
import { mayAnywhere } from '../../store/roles.ts';
import { useBerth } from '../../store/use-berth.ts';
import { href } from '../../ui/navigation.ts';
import { PageHeader } from '../../ui/PageHeader.tsx';
import { FirstMachine } from './FirstMachine.tsx';
import { LibraryNotes } from './LibraryNotes.tsx';
import { LibraryTools } from './LibraryTools.tsx';
import { MachineList } from './MachineList.tsx';

export function LibraryView() {
  const empty = useBerth(isEmpty);
  const mayMake = useBerth((state) => mayAnywhere(state, 'creations.start'));
  const queued = useBerth(({ creations }) => [...creations.values()].filter(isOpen).length);
  const reachable = useBerth((state) => state.host?.connection !== 'failed');
  return (
    <div className="page" data-testid="library">
      <PageHeader title="Machines">
        {queued > 1 ? (
          <Button component="a" variant="default" href={href.queue()}>
            Queue ({queued})
          </Button>
        ) : null}
        {empty || !mayMake ? null : (
          <Button component="a" href={href.gallery()} leftSection={<IconPlus size={16} />}>
            New machine
          </Button>
        )}
      </PageHeader>
      <LibraryNotes />
      {empty ? (
        reachable && <FirstMachine />
      ) : (
        <>
          <LibraryTools />
          <MachineList />
        </>
      )}
    </div>
  );
}
