import { useEffect, useState } from 'react';

/** Gives the focus back, when this dialog is gone, to what had it before; unless something else has taken it. */
export function useReturnFocus(): void {
  const [before] = useState(() => document.activeElement);
  useEffect(
    () => () => {
      const { activeElement } = document;
      const lost = activeElement === null || activeElement === document.body;
      const inDialog = activeElement?.closest('[role="dialog"]') != null;
      if ((lost || inDialog) && before instanceof HTMLElement)
        before.focus({ preventScroll: true });
    },
    [before],
  );
}
