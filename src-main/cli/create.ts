import { readFile } from 'node:fs/promises';
import {
  type CreateRequest,
  createRequestSchema,
  MANY_MAX,
} from '../../src-contract/model/create-request.ts';
import type { Media } from '../../src-contract/model/media.ts';
import type { Plan } from '../../src-contract/model/plan.ts';
import { BerthError } from '../core/errors.ts';
import { parseChosen } from './applications.ts';
import { createMany } from './create-many.ts';
import { findDepartment } from './find-department.ts';
import { findMedia } from './find-media.ts';
import { followCreation } from './follow.ts';
import { parseGpus } from './gpus.ts';
import { readSecrets } from './secret-lines.ts';
import { EXIT, type GlobalOptions, type Session, withBerth } from './session.ts';
import { parseSettings } from './settings.ts';
import { formatSize } from './sizes.ts';
import { UsageError } from './usage-error.ts';

export interface CreateOptions extends GlobalOptions {
  template: string;
  name: string;
  department?: string;
  user?: string;
  passwordStdin?: boolean;
  productKeyStdin?: boolean;
  sshKey?: string[];
  app?: string[];
  set?: string[];
  gpu?: string[];
  hideHypervisor?: boolean;
  dryRun?: boolean;
  wait?: string;
  count?: string;
  priority?: string;
}

export function create(options: CreateOptions): Promise<number> {
  return withBerth(options, { connection: 'required' }, async (session) => {
    const until = parseWait(options.wait ?? 'running');
    const request = await buildRequest(
      withDepartment(session, options),
      session.berth.media.list(),
    );
    const count = parseCount(options.count ?? '1');
    if (options.dryRun) return dryRun(session, request, count);
    await session.berth.recover();
    if (count > 1) return createMany(session, until, request, count);
    return followCreation(session, until, () => session.call('creations.start', request));
  });
}

function parseWait(text: string): 'running' | 'ready' {
  if (text === 'running' || text === 'ready') return text;
  throw new UsageError(`--wait is running or ready, not "${text}".`);
}

function parseCount(text: string): number {
  const count = Number(text);
  if (Number.isInteger(count) && count >= 1 && count <= MANY_MAX) return count;
  throw new UsageError(`--count is a number from 1 to ${MANY_MAX}, not "${text}".`);
}

/** The department by its id, as the contract wants it. */
function withDepartment({ berth }: Session, options: CreateOptions): CreateOptions {
  if (options.department === undefined) return options;
  const { id } = findDepartment(berth.ports.store.departments.list(), options.department);
  return { ...options, department: id };
}

async function buildRequest(
  options: CreateOptions,
  media: readonly Media[],
): Promise<CreateRequest> {
  const { overrides, image, drivers } = parseSettings(options.set ?? []);
  if (image !== null) overrides.mediaId = findMedia(media, image).id;
  if (drivers !== null) {
    overrides.driversMediaId = drivers === 'none' ? drivers : findMedia(media, drivers).id;
  }
  const { gpus, roms } = parseGpus(options.gpu ?? []);
  if (gpus.length > 0) overrides.gpu = { roms, hideHypervisor: options.hideHypervisor ?? false };
  const parsed = createRequestSchema.safeParse({
    templateId: options.template,
    name: options.name,
    departmentId: options.department,
    user: options.user,
    ...(await readSecrets(options)),
    sshKeys: (await Promise.all((options.sshKey ?? []).map(readKeys))).flat(),
    overrides,
    applications: (options.app ?? []).map(parseChosen),
    gpus,
    priority: options.priority === undefined ? undefined : Number(options.priority),
  });
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
  throw new UsageError(problems.join('; '));
}

async function readKeys(path: string): Promise<string[]> {
  try {
    const lines = (await readFile(path, 'utf8')).split('\n').map((line) => line.trim());
    return lines.filter((line) => line !== '' && !line.startsWith('#'));
  } catch (error) {
    throw new BerthError('file_unreadable', `The key file ${path} cannot be read.`, {
      cause: error,
    });
  }
}

async function dryRun(session: Session, request: CreateRequest, count: number) {
  const { berth, out, interrupted } = session;
  const plan = await berth.commands.run('creations.plan', request, () =>
    berth.creations.plan(request, interrupted, count),
  );
  const blocking = plan.findings.find((finding) => finding.severity === 'error');
  const error = blocking && { ...blocking, stage: 'validate', retryable: false };
  out.record({ type: 'plan', ...plan, ...(error && { error }) });
  if (!out.json) printPlan(plan, (line) => out.text(line));
  return blocking === undefined ? EXIT.done : EXIT.failed;
}

function printPlan(plan: Plan, print: (line: string) => void): void {
  const { disk, memory, estimate } = plan;
  for (const finding of plan.findings) {
    print(`${finding.severity}: ${finding.message} [${finding.code}]`);
    if (finding.hint !== undefined) print(`  hint: ${finding.hint}`);
  }
  const times = plan.names.length;
  print(times > 1 ? `would make ${times} times, ${plan.names[0]} first:` : 'would make:');
  for (const { kind, name, detail } of plan.resources) print(`  ${kind} ${name}  ${detail}`);
  print(`disk:     ${formatSize(disk.now)} now, ${formatSize(disk.worst)} at worst`);
  print(`memory:   ${formatSize(memory.needed)} of ${formatSize(memory.hostTotal)}`);
  print(`network:  ${plan.network}`);
  print(`CPU:      ${plan.accelerator === 'kvm' ? 'KVM' : 'emulated'}`);
  print(`estimate: ${Math.round(estimate.seconds)} s`);
}
