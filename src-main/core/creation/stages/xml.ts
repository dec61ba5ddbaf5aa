import { buildDomainXml } from '../../domain/domain-xml.ts';
import type { MachineSpec } from '../../domain/machine-spec.ts';
import type { Ids } from '../../ports/system.ts';
import { need, type Stage } from '../context.ts';
import { undoFromJournal } from './undo.ts';

/** QEMU cuts VNC passwords after 8 characters; see `graphics` in libvirt's formatdomain. */
const PASSWORD_LENGTH = { spice: 24, vnc: 8 };

export const xmlStage: Stage = {
  name: 'xml',
  run(ctx) {
    const spec = need(ctx.spec, 'specification');
    const displayPassword = makeDisplayPassword(spec, ctx.deps.ids);
    if (displayPassword !== null) ctx.record.keepSecret(displayPassword);
    ctx.domainXml = buildDomainXml(spec, ctx.paths, { displayPassword });
  },
  undo: undoFromJournal,
};

/** Everybody on this host can connect to 127.0.0.1; behind a UNIX socket it is the second lock. */
export function hasDisplayPassword(spec: MachineSpec): boolean {
  return spec.graphics !== 'none';
}

function makeDisplayPassword(spec: MachineSpec, ids: Ids): string | null {
  if (spec.graphics === 'none' || !hasDisplayPassword(spec)) return null;
  const length = PASSWORD_LENGTH[spec.graphics];
  return btoa(String.fromCharCode(...ids.bytes(length)))
    .replaceAll(/[+/=]/g, 'x')
    .slice(0, length);
}
