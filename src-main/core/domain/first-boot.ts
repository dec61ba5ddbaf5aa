import type {
  Application,
  ApplicationResult,
  ChosenApplication,
  OsFamily,
} from '../../../src-contract/model/application.ts';
import type { Template } from '../../../src-contract/model/template.ts';

/** Something that the guest runs once, after its account is there. */
export interface FirstBootTask {
  kind: ApplicationResult['kind'];
  /** An application's id; a script's name. */
  id: string;
  name: string;
  /** One for each family, or one for all. */
  commands: Partial<Record<OsFamily, string>> | { any: string };
  /** By the name of the parameter. */
  parameters: Record<string, string>;
  timeoutSeconds: number;
}

const SCRIPT_TIMEOUT_SECONDS = 1800;

/** The template's, then the others; parameters that were given for this machine win. */
export function chooseApplications(
  fromTemplate: readonly ChosenApplication[],
  forMachine: readonly ChosenApplication[],
): ChosenApplication[] {
  const chosen = new Map(fromTemplate.map((one) => [one.id, one]));
  for (const { id, parameters } of forMachine) {
    chosen.set(id, { id, parameters: { ...chosen.get(id)?.parameters, ...parameters } });
  }
  return [...chosen.values()];
}

/** Applications, then scripts, in their order. What the catalogue does not know is left out: the checks have told. */
export function firstBootTasks(
  { os, firstBootScripts }: Pick<Template, 'os' | 'firstBootScripts'>,
  chosen: readonly ChosenApplication[],
  catalogue: readonly Application[],
): FirstBootTask[] {
  const shell = os.family === 'windows' ? 'powershell' : 'sh';
  const applications = chosen.flatMap(({ id, parameters }): FirstBootTask[] => {
    const found = catalogue.find((one) => one.id === id);
    if (found === undefined) return [];
    const { name, commands, timeoutSeconds } = found;
    const values = found.parameters.map((one) => [one.name, parameters[one.name] ?? one.default]);
    return [
      {
        kind: 'application',
        id,
        name,
        commands,
        parameters: Object.fromEntries(values),
        timeoutSeconds,
      },
    ];
  });
  const scripts = firstBootScripts
    .filter((script) => script.shell === shell)
    .map(
      ({ name, content }): FirstBootTask => ({
        kind: 'script',
        id: name,
        name,
        commands: { any: content },
        parameters: {},
        timeoutSeconds: SCRIPT_TIMEOUT_SECONDS,
      }),
    );
  return [...applications, ...scripts];
}

/** `BERTH_DATA_DIR` for `dataDir`. */
export const variableName = (parameter: string): string =>
  `BERTH_${parameter.replaceAll(/([a-z0-9])([A-Z])/g, '$1_$2').toUpperCase()}`;

export const pendingResults = (tasks: readonly FirstBootTask[]): ApplicationResult[] =>
  tasks.map(({ kind, id }) => ({ kind, id, state: 'pending', exitCode: null, lastLines: [] }));
