import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { BerthEvent } from '../../../src-contract/model/events.ts';
import type { Media } from '../../../src-contract/model/media.ts';
import type { Template } from '../../../src-contract/model/template.ts';
import { decodePassword, encodePassword } from '../../../src-main/adapters/media/windows/index.ts';
import { openSecrets } from '../../../src-main/adapters/secrets/open-secrets.ts';
import { openStore } from '../../../src-main/adapters/sqlite/open-store.ts';
import { createBackupFolder } from '../../../src-main/adapters/system/backup-folder.ts';
import { createLog } from '../../../src-main/adapters/system/log/create-log.ts';
import { callerOf } from '../../../src-main/cli/caller.ts';
import { type Berth, wireCore } from '../../../src-main/compose/core.ts';
import type { Caller } from '../../../src-main/ipc/router.ts';
import { FakeClock } from '../../fakes/fake-clock.ts';
import { FakeHost } from '../../fakes/fake-host.ts';
import { FakeHypervisor } from '../../fakes/fake-hypervisor.ts';
import { FakeMedia } from '../../fakes/fake-media.ts';
import { FakeIds, FakeSystem } from '../../fakes/fake-system.ts';
import { IMAGE, TEMPLATES } from '../../unit/creation/test-bench.ts';
import type { Planted } from './planted.ts';

/** Secrets with the characters that escapes are made for. */
export const PASSWORD = 'P4$$ "w<o&r>d" \\ plänted/1';
export const PRODUCT_KEY = 'PLNT1-ABCDE-FGHIJ-KLMNO-PQRST';
const HASH = '$6$plantedsalt$';
/** As the answers of Windows Setup have it. */
export const ENCODED = encodePassword(PASSWORD);

const ISO: Media = {
  ...IMAGE,
  id: 'windows',
  kind: 'iso',
  format: 'raw',
  volume: 'windows.iso',
  installer: { family: 'windows', label: 'X64FRE', osLabel: 'Windows', boot: null },
};

const WINDOWS: Template[] = TEMPLATES.filter(({ id }) => id === 'image').map((template) => ({
  ...template,
  id: 'windows',
  os: { family: 'windows', label: 'Windows 11', osinfoId: 'win11' },
  source: { kind: 'installer', mediaId: ISO.id, unattended: true },
  firmware: 'uefi-secure',
  tpm: true,
  login: 'none',
}));

class PlantedMedia extends FakeMedia {
  refusing = false;

  override async hashPassword(password: string): Promise<string> {
    if (this.refusing) throw new Error(`crypt refuses ${password} beside ${PRODUCT_KEY}`);
    return `${HASH}${await super.hashPassword(password)}`;
  }

  override encodePassword(password: string): string {
    return encodePassword(password);
  }

  override decodePassword(encoded: string): string {
    return decodePassword(encoded);
  }
}

export class Process {
  readonly hypervisor: FakeHypervisor;
  readonly media = new PlantedMedia();
  readonly berth: Berth;
  readonly call: Caller;
  readonly events: BerthEvent[] = [];

  constructor(world: PlantedHost, pid: number) {
    const { home, host, clock, alive } = world;
    this.hypervisor = new FakeHypervisor(host);
    const log = createLog({ dir: join(home, 'logs'), level: 'info' });
    const store = openStore({
      path: join(home, 'berth.db'),
      backupDir: join(home, 'backups'),
      log,
      now: () => clock.now(),
    });
    store.media.save(IMAGE);
    store.media.save(ISO);
    const ports = {
      hypervisor: this.hypervisor,
      store,
      media: this.media,
      secrets: openSecrets({ keyPath: join(home, 'key') }),
      system: new FakeSystem(host, pid, alive),
      clock,
      ids: new FakeIds(pid * 0x1000),
      log,
      templateBackups: createBackupFolder(join(home, 'backups')),
    };
    this.berth = wireCore(ports, { templates: [...TEMPLATES, ...WINDOWS], applications: [] }, () =>
      log.close(),
    );
    this.call = callerOf(this.berth);
    this.berth.hub.subscribe((event) => this.events.push(event));
  }
}

/** A fake host whose Berth writes to a real folder: database, backups, log. */
export class PlantedHost implements AsyncDisposable {
  readonly home = mkdtempSync(join(tmpdir(), 'berth-planted-'));
  readonly clock = new FakeClock();
  readonly host = new FakeHost();
  readonly alive = new Set<string>();
  readonly processes: Process[] = [];
  /** Display passwords as they turned up in definitions. */
  readonly displayPasswords = new Set<string>();

  constructor() {
    this.host.addVolume(IMAGE.pool, IMAGE.volume, IMAGE.virtualBytes);
    this.host.addVolume(ISO.pool, ISO.volume, ISO.virtualBytes, 'raw');
  }

  async start(): Promise<Process> {
    const process = new Process(this, this.processes.length + 1);
    this.processes.push(process);
    await this.clock.run(process.berth.connect());
    return process;
  }

  /** As SIGKILL does it. */
  kill(process: Process): void {
    process.hypervisor.kill();
    this.alive.delete(String(this.processes.indexOf(process) + 1));
  }

  /** What libvirt holds of a machine's display. */
  displayPassword(): string {
    const xml = [...this.host.domains.values()].map((domain) => domain.xml).join();
    const password = /passwd="([^"]+)"/.exec(xml)?.[1];
    if (password === undefined) throw new Error('the definition has no display password');
    this.displayPasswords.add(password);
    return password;
  }

  planted(): Planted[] {
    return [
      { what: 'the password', secret: PASSWORD },
      { what: 'the product key', secret: PRODUCT_KEY },
      { what: "the password's hash", secret: HASH },
      { what: "the password's form for Windows", secret: ENCODED },
      ...[...this.displayPasswords].map((secret) => ({ what: 'a display password', secret })),
    ];
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const { berth } of this.processes) await berth.close();
    rmSync(this.home, { recursive: true, force: true });
  }
}
