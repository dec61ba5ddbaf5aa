import type { Gpu } from '../../../src-contract/model/gpu.ts';
import type { DoctorCheck } from '../../../src-contract/model/host.ts';

const COMMON = { code: 'gpu', title: 'Graphics cards for machines' };

/** A host is fine without any: it is a warning only where a card is there that no machine could ever have. */
export function checkGpus(gpus: readonly Gpu[]): DoctorCheck {
  if (gpus.length === 0) {
    return { ...COMMON, status: 'ok', detail: 'libvirt knows no graphics card on this host.' };
  }
  const blocked = gpus.filter(({ obstacles }) => obstacles.some(({ code }) => code !== 'claimed'));
  const detail = gpus.map(sentenceOf).join(' ');
  if (blocked.length < gpus.length) return { ...COMMON, status: 'ok', detail };
  const hint = blocked[0]?.obstacles.find(({ code }) => code !== 'claimed')?.hint;
  return { ...COMMON, status: 'warning', detail, ...(hint !== undefined && { hint }) };
}

function sentenceOf({ address, name, obstacles }: Gpu): string {
  const reasons = obstacles.map(({ message }) => message).join(' ');
  return `${name} (${address}): ${reasons === '' ? 'can be passed through.' : reasons}`;
}
