import { driversOf } from '../checks/windows.ts';
import { departmentNetwork } from '../claims.ts';
import { need, type Stage, type StageContext } from '../context.ts';
import { machineFilters } from '../filters.ts';
import { cpuClaims, placeMachine, withPlacement } from '../placement.ts';
import { throwFirstError } from '../preflight.ts';
import { randomMac, resolveSpec } from '../resolve.ts';
import { undoFromJournal } from './undo.ts';

function claimMac({ deps, identity }: StageContext): string {
  for (;;) {
    const mac = randomMac(deps.ids);
    if (deps.store.machines.claimMac(identity.machineId, mac)) return mac;
  }
}

export const templateStage: Stage = {
  name: 'template',
  run(ctx, progress) {
    const { deps, identity, user } = ctx;
    const wish = need(ctx.wish, 'template');
    const facts = need(ctx.facts, 'facts');
    ctx.drivers = driversOf(wish, deps.store.media.list());
    ctx.image = wish.mediaId === null ? null : deps.store.media.get(wish.mediaId);
    const cpus = cpuClaims(deps, identity.machineId);
    const others = facts.domains.filter(({ uuid }) => uuid !== identity.domainUuid);
    const placement = placeMachine({ wish, facts: { ...facts, domains: others }, cpus });
    throwFirstError(placement.findings, 'validate');
    for (const { message } of placement.findings) progress.log(message);
    const notes = withPlacement(ctx.record.value.notes, placement);
    const spec = resolveSpec({
      identity,
      wish,
      user,
      image: ctx.image,
      drivers: ctx.drivers,
      facts,
      notes,
      mac: claimMac(ctx),
      config: deps.config,
      placement,
      departmentNetwork: departmentNetwork(deps, wish.input.departmentId),
      filter: machineFilters(deps, identity.machineId, wish.input).at(-1)?.name ?? null,
    });
    ctx.spec = spec;
    deps.store.creations.saveSpec(identity.creationId, spec);
    progress.log(
      `Template “${wish.template.name}”: domain ${spec.domainName}, ${spec.vcpus} CPUs, ${spec.accelerator}, ${spec.graphics}`,
    );
  },
  undo: undoFromJournal,
};
