import type { Machine } from '../../../src-contract/model/machine.ts';
import { runAction } from '../../bridge/commands.ts';
import { askToDelete } from '../../store/dialogs.ts';
import { ACTION_LABEL, type MachineAction } from '../../store/machine-actions.ts';
import { report } from '../../ui/notify.ts';

/** Deleting asks first; everything else is done at once and only failures are spoken of. */
export async function act(machine: Machine, action: MachineAction): Promise<void> {
  if (action === 'delete') askToDelete(machine.id);
  else report(await runAction(machine.id, action), `${ACTION_LABEL[action]}: “${machine.name}”`);
}
