import { BerthError } from '../../errors.ts';
import { effect, need, type Stage } from '../context.ts';
import { undoFromJournal } from './undo.ts';

export const defineStage: Stage = {
  name: 'define',
  async run(ctx, progress) {
    const { domainUuid: uuid, domainName: name, machineId } = ctx.identity;
    const xml = need(ctx.domainXml, 'domain XML');
    const what = { kind: 'domain', uuid, name, machineId } as const;
    const defined = await effect(ctx, progress, 'define', what, () =>
      ctx.deps.hypervisor.defineDomain(xml),
    );
    if (defined.uuid !== uuid) {
      throw new BerthError('domain_wrong', `libvirt defined another domain: ${defined.uuid}`);
    }
    progress.log(`Domain ${defined.name} defined`);
  },
  undo: undoFromJournal,
};
