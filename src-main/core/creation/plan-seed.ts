import type { Plan } from '../../../src-contract/model/plan.ts';
import { answersWindows } from '../../../src-contract/model/unattended.ts';
import type { MachineSpec } from '../domain/machine-spec.ts';
import { tasksOf } from './checks/applications.ts';
import type { CheckInput } from './checks/check-input.ts';
import type { CreationDeps } from './service.ts';
import { windowsAnswersInput } from './stages/windows-answers.ts';

export const MASK = '********';
/** Of the form that crypt(3) makes, so that the seed can be built; it is masked before anybody sees it. */
const SAMPLE_HASH = `$6$sample$${'x'.repeat(86)}`;
const SAMPLE_KEY = 'XXXXX-XXXXX-XXXXX-XXXXX-XXXXX';

/** Files of the seed medium, with a mask in the place of each secret: the real ones never get here. */
export function maskedSeed(
  deps: CreationDeps,
  spec: MachineSpec,
  check: CheckInput,
  hasProductKey: boolean,
): Plan['seed'] {
  if (spec.installer?.boot === 'answered') return windowsSeed(deps, spec, check, hasProductKey);
  return seedFiles(deps, spec, check).map(({ path, content }) => ({
    path,
    content: content.replaceAll(SAMPLE_HASH, MASK),
  }));
}

function seedFiles(
  deps: CreationDeps,
  spec: MachineSpec,
  { hasPassword, wish, image }: CheckInput,
): Plan['seed'] {
  const installer = spec.installer?.boot === 'kernel' ? image?.installer : undefined;
  if (spec.seedVolume === null && installer === undefined) return [];
  const { login, hostname } = spec;
  const { user, sshKeys } = login;
  const passwordHash = hasPassword ? SAMPLE_HASH : null;
  const common = { hostname, passwordHash, sshKeys, tasks: tasksOf(deps, wish) };
  if (installer === undefined) {
    return deps.media.seed({ ...common, instanceId: spec.machineId, user }).files;
  }
  return user === null ? [] : deps.media.answers({ ...common, installer, user }).files;
}

function windowsSeed(
  deps: CreationDeps,
  spec: MachineSpec,
  { wish, image, facts }: CheckInput,
  hasProductKey: boolean,
): Plan['seed'] {
  const installer = image?.installer;
  if (installer === undefined || !answersWindows(wish.template)) return [];
  const sample = deps.media.encodePassword(MASK);
  const { files } = deps.media.windowsAnswers(
    windowsAnswersInput({
      spec,
      wish,
      installer,
      abilities: facts.abilities,
      secrets: { passwordHash: sample, productKey: hasProductKey ? SAMPLE_KEY : null },
      tasks: tasksOf(deps, wish),
    }),
  );
  return files.map(({ path, content }) => ({
    path,
    content: content.replaceAll(SAMPLE_KEY, MASK).replace(VALUES, `$1${MASK}$2`),
  }));
}

/** Passwords of an answer file, whatever they are for. */
const VALUES = /(<Value>)[A-Za-z0-9+/=]+(<\/Value>\s*<PlainText>)/g;
