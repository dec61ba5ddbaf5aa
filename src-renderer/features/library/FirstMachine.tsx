import { Button } from '@mantine/core';
import { IconDeviceDesktopPlus } from '@tabler/icons-react';
import { mayAnywhere } from '../../store/roles.ts';
import { useBerth } from '../../store/use-berth.ts';
import { EmptyState } from '../../ui/EmptyState.tsx';
import { formatEstimate } from '../../ui/format.ts';
import { href } from '../../ui/navigation.ts';

/** The way from nothing to the first machine. */
export function FirstMachine() {
  const tryout = useBerth((state) =>
    state.templates.find((template) => template.source.kind === 'tryout' && template.active),
  );
  const mayMake = useBerth((state) => mayAnywhere(state, 'creations.start'));
  const time = tryout ? ` It is ready in ${formatEstimate(tryout.typicalSeconds)}.` : '';
  if (!mayMake) {
    return (
      <EmptyState icon={<IconDeviceDesktopPlus size={36} stroke={1.6} />} title="No machines here">
        You see the machines of your departments here. To make one you have to be a manager of a
        department; its owners can make you one.
      </EmptyState>
    );
  }
  return (
    <EmptyState
      icon={<IconDeviceDesktopPlus size={36} stroke={1.6} />}
      title="No machines yet"
      actions={
        <>
          {tryout ? (
            <Button component="a" size="md" href={href.create(tryout.id)}>
              Make a try-out machine
            </Button>
          ) : null}
          <Button component="a" size="md" variant="default" href={href.gallery()}>
            New machine
          </Button>
        </>
      }
    >
      {tryout
        ? `Start with a small Linux made from this computer’s own files: no download, no image, gone without a trace when you delete it.${time}`
        : 'Choose a template, type a name and a password, and Berth makes the machine.'}
    </EmptyState>
  );
}
