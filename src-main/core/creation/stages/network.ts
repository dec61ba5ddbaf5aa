import { BerthError } from '../../errors.ts';
import { need, type Stage } from '../context.ts';
import { undoFromJournal } from './undo.ts';

/** The facts of `validate` are fresh, so the network is not asked for again. */
export const networkStage: Stage = {
  name: 'network',
  run(ctx, progress) {
    const { network } = need(ctx.spec, 'specification');
    if (network.kind !== 'network') {
      progress.log(network.kind === 'user' ? 'User-mode networking' : 'No network');
      return;
    }
    const { networks } = need(ctx.facts, 'facts');
    if (networks.some(({ name, active }) => active && name === network.name)) {
      progress.log(`Network “${network.name}”`);
      return;
    }
    throw new BerthError('network_inactive', `The network “${network.name}” is not active.`, {
      retryable: true,
      fix: {
        action: 'start-network',
        label: `Start the network “${network.name}”`,
        network: network.name,
      },
    });
  },
  undo: undoFromJournal,
};
