import type {
  Application,
  ChosenApplication,
  OsFamily,
} from '../../../../src-contract/model/application.ts';
import type { Finding } from '../../../../src-contract/model/error.ts';
import { type FirstBootTask, firstBootTasks } from '../../domain/first-boot.ts';
import { runsFirstBoot, type Wish } from '../../domain/request.ts';
import type { CreationDeps } from '../service.ts';
import type { Check } from './check-input.ts';

/** What the guest of a wish runs at its first boot; nothing where nobody would run it. */
export function tasksOf(
  { applications }: Pick<CreationDeps, 'applications'>,
  wish: Wish,
): FirstBootTask[] {
  if (!runsFirstBoot(wish.template)) return [];
  return firstBootTasks(wish.template, wish.applications, applications());
}

export const checkApplications: Check = ({ wish, catalogue }) => {
  const { template, applications } = wish;
  const installed = applications.length + template.firstBootScripts.length > 0;
  if (installed && template.source.kind !== 'installer' && !runsFirstBoot(template)) {
    return [
      {
        code: 'applications_unsupported',
        severity: 'error',
        message: `Nothing in “${template.name}” can install applications or run scripts.`,
        hint: 'Take them out, or choose a template with a cloud image.',
        field: 'applications',
      },
    ];
  }
  return applications.flatMap((chosen) => {
    const found = catalogue.find(({ id }) => id === chosen.id);
    if (found === undefined) return [missing(chosen.id)];
    return [...checkFamily(found, wish), ...checkParameters(found, chosen)];
  });
};

function missing(id: string): Finding {
  return {
    code: 'application_missing',
    severity: 'error',
    message: `There is no application “${id}”.`,
    hint: '"berth applications list" shows all of them.',
    field: 'applications',
  };
}

/** Which distribution a cloud image holds is not always known: only what is certain is told. */
function checkFamily({ name, commands }: Application, { template }: Wish): Finding[] {
  const families = Object.keys(commands).filter((family): family is OsFamily => family in commands);
  const { family, osinfoId } = template.os;
  const known = osinfoId === undefined ? null : familyOf(osinfoId);
  const fits =
    family === 'windows'
      ? families.includes('windows')
      : known === null
        ? families.some((one) => one !== 'windows')
        : families.includes(known);
  if (fits) return [];
  return [
    {
      code: 'application_family',
      severity: 'error',
      message: `“${name}” cannot be installed on ${template.os.label}.`,
      hint: `It is for ${families.join(', ')}.`,
      field: 'applications',
    },
  ];
}

const FAMILIES: readonly [RegExp, OsFamily][] = [
  [/^(debian|ubuntu)/, 'debian'],
  [/^(fedora|rhel|centos|rocky|almalinux)/, 'fedora'],
  [/^(opensuse|sles)/, 'suse'],
  [/^archlinux/, 'arch'],
  [/^alpinelinux/, 'alpine'],
  [/^win/, 'windows'],
];

/** By libosinfo's short ids. */
function familyOf(osinfoId: string): OsFamily | null {
  return FAMILIES.find(([pattern]) => pattern.test(osinfoId))?.[1] ?? null;
}

function checkParameters(application: Application, { parameters }: ChosenApplication): Finding[] {
  return Object.entries(parameters).flatMap(([name, value]): Finding[] => {
    const known = application.parameters.find((one) => one.name === name);
    const problem =
      known === undefined
        ? `has no parameter “${name}”`
        : known.pattern !== null && !new RegExp(`^(?:${known.pattern})$`, 'u').test(value)
          ? `does not take “${value}” for ${known.label}`
          : null;
    if (problem === null) return [];
    const hint =
      known === undefined ? `It has: ${names(application)}.` : `It must match ${known.pattern}.`;
    return [
      {
        code: 'application_parameter',
        severity: 'error',
        message: `“${application.name}” ${problem}.`,
        hint,
        field: 'applications',
      },
    ];
  });
}

const names = ({ parameters }: Application): string =>
  parameters.map(({ name }) => name).join(', ') || 'none';
