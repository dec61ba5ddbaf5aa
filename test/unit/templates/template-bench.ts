import type { Application } from '../../../src-contract/model/application.ts';
import type { BerthEvent } from '../../../src-contract/model/events.ts';
import type { Template } from '../../../src-contract/model/template.ts';
import { Hub } from '../../../src-main/core/lifecycle/hub.ts';
import { PolicyService } from '../../../src-main/core/lifecycle/policies.ts';
import { TemplateBackups } from '../../../src-main/core/lifecycle/template-backups.ts';
import { TemplateExchange } from '../../../src-main/core/lifecycle/template-exchange.ts';
import { TemplateService } from '../../../src-main/core/lifecycle/templates.ts';
import type { BackupFolder } from '../../../src-main/core/ports/backup-folder.ts';
import { FakeClock } from '../../fakes/fake-clock.ts';
import { FakeDatabase, FakeStore } from '../../fakes/fake-store.ts';
import { FakeLog } from '../../fakes/fake-system.ts';
import { TEMPLATES } from '../creation/test-bench.ts';

export const GIT: Application = {
  id: 'git',
  name: 'Git',
  description: '',
  commands: { debian: 'apt-get install -y git' },
  parameters: [],
  timeoutSeconds: 60,
  builtIn: true,
};

export const BUILT_INS: Template[] = TEMPLATES.map((one) => ({ ...one, builtIn: true }));

export const draft = (more: Record<string, unknown> = {}) => ({
  name: 'Course Übung 1',
  os: { family: 'linux', label: 'Debian' },
  source: { kind: 'image', mediaId: null },
  vcpus: 1,
  memoryBytes: 1024 ** 3,
  diskBytes: 10 * 1024 ** 3,
  ...more,
});

export class MemoryFolder implements BackupFolder {
  readonly files = new Map<string, string>();
  list = async () => [...this.files.keys()];
  write = async (name: string, text: string) => void this.files.set(name, text);
  read = async (name: string) => this.files.get(name) ?? '';
  remove = async (name: string) => void this.files.delete(name);
}

/** One process's templates on a fake database. */
export class TemplateBench {
  readonly clock: FakeClock;
  readonly store: FakeStore;
  readonly templates: TemplateService;
  readonly exchange: TemplateExchange;
  readonly policies: PolicyService;
  readonly backups: TemplateBackups;
  readonly folder: MemoryFolder;
  readonly log = new FakeLog();
  readonly events: BerthEvent[] = [];

  constructor(database = new FakeDatabase(), folder = new MemoryFolder(), clock = new FakeClock()) {
    this.folder = folder;
    this.clock = clock;
    this.store = new FakeStore(database);
    const hub = new Hub(clock, this.log);
    hub.subscribe((event) => this.events.push(event));
    const { store } = this;
    const builtIns = { templates: BUILT_INS, applications: [GIT] };
    this.templates = new TemplateService({ store, builtIns, clock, hub });
    const { templates } = this;
    this.exchange = new TemplateExchange({ store, templates, clock });
    this.policies = new PolicyService(store.settings);
    this.backups = new TemplateBackups({ ...this, clock });
  }
}

export function thrownBy(act: () => unknown): unknown {
  try {
    act();
  } catch (error) {
    return error;
  }
  throw new Error('nothing was thrown');
}
