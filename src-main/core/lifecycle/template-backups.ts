import type { ImportResult, TemplateBackup } from '../../../src-contract/model/template-bundle.ts';
import { BerthError } from '../errors.ts';
import type { BackupFolder } from '../ports/backup-folder.ts';
import type { Clock, Log } from '../ports/system.ts';
import type { PolicyService } from './policies.ts';
import { readBundle, type TemplateExchange } from './template-exchange.ts';
import type { TemplateService } from './templates.ts';

interface BackupDeps {
  folder: BackupFolder;
  exchange: TemplateExchange;
  templates: TemplateService;
  policies: PolicyService;
  clock: Clock;
  log: Log;
}

const DAY_MS = 24 * 60 * 60 * 1000;
const CHECK_MS = 60 * 60 * 1000;
const KEPT = 14;
const NAME = /^templates-(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)(\d{3})Z\.json$/;

/** Own templates, categories, applications and the host's rules as files, once a day. */
export class TemplateBackups {
  readonly #deps: BackupDeps;
  readonly #closed = new AbortController();
  #started = false;

  constructor(deps: BackupDeps) {
    this.#deps = deps;
  }

  /** Newest first. */
  async list(): Promise<TemplateBackup[]> {
    const names = await this.#deps.folder.list();
    return names
      .flatMap((name) => {
        const at = timeOf(name);
        return at === null ? [] : [{ name, at }];
      })
      .sort((a, b) => b.at - a.at);
  }

  /** Writes one now and removes those that are too many. */
  async write(): Promise<TemplateBackup> {
    const { folder, exchange, policies, clock } = this.#deps;
    const at = clock.now();
    const name = `templates-${new Date(at).toISOString().replaceAll(/[-:.]/g, '')}.json`;
    await folder.write(name, `${JSON.stringify(exchange.backup(policies.get()), null, 2)}\n`);
    for (const old of (await this.list()).slice(KEPT)) await folder.remove(old.name);
    return { name, at };
  }

  /**
   * Takes a backup in, in the place of what has the same ids; what is not in it stays. Null = the newest.
   * Rejects with `backup_missing`, `file_unreadable`, `import_*`.
   */
  async restore(name: string | null): Promise<ImportResult> {
    const { folder, exchange, templates, policies } = this.#deps;
    const chosen = name ?? (await this.list())[0]?.name;
    if (chosen === undefined) {
      throw new BerthError('backup_missing', 'There is no backup of the templates yet.', {
        hint: '"berth templates backup" makes one.',
      });
    }
    const document = parseJson(await folder.read(chosen), chosen);
    const bundle = readBundle(document);
    const result = exchange.import(document, 'replace');
    if (bundle.policies !== undefined) policies.change(bundle.policies);
    if (bundle.archived !== undefined) {
      const archived = new Set(bundle.archived);
      for (const { id, builtIn, active } of templates.list()) {
        if (builtIn && active === archived.has(id)) templates.setArchived(id, archived.has(id));
      }
    }
    return result;
  }

  /** Begins to look every hour whether one is due. For processes that live long. */
  start(): void {
    if (this.#started) return;
    this.#started = true;
    void this.#watch();
  }

  close(): void {
    this.#closed.abort();
  }

  async #watch(): Promise<void> {
    const { clock, log } = this.#deps;
    const { signal } = this.#closed;
    while (!signal.aborted) {
      await this.#writeWhenDue().catch((error: unknown) =>
        log.warn('the daily backup of the templates failed', { error }),
      );
      await clock.sleep(CHECK_MS, signal).catch(() => undefined);
    }
  }

  async #writeWhenDue(): Promise<void> {
    const [newest] = await this.list();
    if (newest !== undefined && this.#deps.clock.now() - newest.at < DAY_MS) return;
    if (!this.#closed.signal.aborted) await this.write();
  }
}

function timeOf(name: string): number | null {
  const [, year, month, day, hour, minute, second, ms] = NAME.exec(name) ?? [];
  if (year === undefined) return null;
  const at = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}.${ms}Z`);
  return Number.isNaN(at) ? null : at;
}

function parseJson(text: string, name: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new BerthError('import_invalid', `${name} is not JSON.`, { cause: error });
  }
}
