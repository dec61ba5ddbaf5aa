import type { ChosenApplication } from '../../src-contract/model/application.ts';
import { readDocument } from './documents.ts';
import { EXIT, type GlobalOptions, withBerth } from './session.ts';
import { UsageError } from './usage-error.ts';

export function listApplications(options: GlobalOptions): Promise<number> {
  return withBerth(options, { connection: 'none' }, async ({ call, out }) => {
    const applications = await call('applications.list', undefined);
    for (const one of applications) out.record({ ...one, state: stateOf(one) });
    out.table(
      ['ID', 'NAME', 'FOR', 'PARAMETERS'],
      applications.map(({ id, name, commands, parameters }) => [
        id,
        name,
        Object.keys(commands).join(', '),
        parameters.map((one) => `${one.name}=${one.default}`).join(', '),
      ]),
    );
    return EXIT.done;
  });
}

export function showApplication(id: string, options: GlobalOptions): Promise<number> {
  return withBerth(options, { connection: 'none' }, async ({ call, out }) => {
    const application = await call('applications.get', { id });
    out.both({ ...application, state: stateOf(application) }, JSON.stringify(application, null, 2));
    return EXIT.done;
  });
}

/** Makes one of a JSON file, or changes the one with its id. */
export function saveApplication(path: string, options: GlobalOptions): Promise<number> {
  return withBerth(options, { connection: 'none' }, async ({ call, out }) => {
    const document = await readDocument(path);
    if (typeof document !== 'object' || document === null || Array.isArray(document)) {
      throw new UsageError(`${path} holds no JSON object.`);
    }
    const application = await call('applications.save', { draft: { ...document } });
    const record = { type: 'result', application: { ...application, state: stateOf(application) } };
    out.both(record, `The application ${application.name} is in the catalogue: ${application.id}`);
    return EXIT.done;
  });
}

export function deleteApplications(
  ids: readonly string[],
  options: GlobalOptions,
): Promise<number> {
  return withBerth(options, { connection: 'none' }, async ({ call, out }) => {
    for (const id of ids) {
      await call('applications.delete', { id });
      const record = { type: 'result', application: { id, name: id, state: 'deleted' } };
      out.both(record, `The application ${id} is deleted.`);
    }
    return EXIT.done;
  });
}

/** `ID` or `ID:name=value,name=value`. */
export function parseChosen(word: string): ChosenApplication {
  const at = word.indexOf(':');
  const id = at === -1 ? word : word.slice(0, at);
  if (id === '') throw new UsageError(`--app ${word}: it is ID or ID:NAME=VALUE,…`);
  const pairs = at === -1 ? [] : word.slice(at + 1).split(',');
  const parameters = pairs.map((pair): [string, string] => {
    const [, name, value] = /^([A-Za-z0-9]+)=(.*)$/s.exec(pair) ?? [];
    if (name === undefined || value === undefined) {
      throw new UsageError(`--app ${word}: “${pair}” is not NAME=VALUE.`);
    }
    return [name, value];
  });
  return { id, parameters: Object.fromEntries(parameters) };
}

const stateOf = ({ builtIn }: { builtIn: boolean }): string => (builtIn ? 'built-in' : 'own');
