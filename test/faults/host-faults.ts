import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import Database from 'better-sqlite3';
import { BUSY_TIMEOUT_MS } from '../../src-main/adapters/sqlite/inspect.ts';
import type { TestDaemon } from '../support/daemon/index.ts';
import type { OutsideFault } from './interpose.ts';

/** Pools are made below it. In memory, so that it can be shrunk to what is in it. */
const POOLS = '/var/lib/libvirt/images';
const ROOM = '8g';
/** Too little for a volume with something in it. */
const SLACK_KIB = 128;
/** Calls that are under way may still make it fuller than was just measured, which refuses the new size. */
const SHRINK = `for try in $(seq 100); do
  used=$(df -k --output=used ${POOLS} | tail -n 1)
  mount -o remount,size=$((used + ${SLACK_KIB}))k ${POOLS} && exit
  sleep 0.05
done
exit 1`;
const LOCK_MS = BUSY_TIMEOUT_MS + 500;

export async function mountPools(daemon: TestDaemon): Promise<void> {
  await inside(
    daemon,
    `mkdir -p ${POOLS} && mount -t tmpfs -o size=${ROOM},mode=711 none ${POOLS}`,
  );
}

/** Files of pools, which only the daemon sees. */
export async function listPoolFiles(daemon: TestDaemon): Promise<string[]> {
  const { stdout } = await daemon.exec('find', POOLS, '-type', 'f');
  return stdout.split('\n').filter(Boolean);
}

async function inside(daemon: TestDaemon, script: string): Promise<void> {
  const { code, stderr } = await daemon.exec('sh', '-c', script);
  if (code !== 0) throw new Error(`${script}: ${stderr}`);
}

/** Does a fault to the host; `answer` lets the victim go on meanwhile. Resolves when the host is well again. */
export async function breakHost(
  { daemon, home }: { daemon: TestDaemon; home: string },
  fault: OutsideFault,
  answer: (text: string) => void,
): Promise<void> {
  switch (fault) {
    case 'daemon':
      await daemon.kill();
      answer('killed');
      return await daemon.restart();
    case 'pool-full': {
      await inside(daemon, SHRINK);
      return answer('full');
    }
    case 'db-locked':
      return await lockDatabase(join(home, 'berth.db'), () => answer('locked'));
  }
}

/** To be called when the victim has ended. libvirt does not notice by itself that there is room again. */
export async function mendHost(daemon: TestDaemon): Promise<void> {
  await inside(daemon, `mount -o remount,size=${ROOM} ${POOLS}`);
  const pools = await daemon.virsh('pool-list', '--name');
  for (const pool of pools.split('\n').map((name) => name.trim())) {
    if (pool !== '') await daemon.virsh('pool-refresh', pool);
  }
}

async function lockDatabase(path: string, locked: () => void): Promise<void> {
  const database = new Database(path, { timeout: BUSY_TIMEOUT_MS });
  try {
    database.exec('BEGIN IMMEDIATE');
    locked();
    await delay(LOCK_MS);
    database.exec('ROLLBACK');
  } finally {
    database.close();
  }
}
