import { chown, mkdtemp, rm } from 'node:fs/promises';
import path from 'node:path';
import { connect } from '../src/index.ts';
import { SessionDaemon } from '../test/support/session-daemon.ts';
import type { Command } from './command.ts';

const DOMAINS = 200;
const VOLUME_BYTES = 256 << 20;
const NOBODY = 65_534;

export interface Fixture {
  readonly command: Omit<Command, 'n'>;
  readonly domains: readonly string[];
  remove(): Promise<void>;
}

/** A private daemon with 200 domains that do not run and a volume in memory. */
export async function prepare(): Promise<Fixture> {
  const daemon = await SessionDaemon.start();
  const directory = await mkdtemp('/dev/shm/node-libvirt-bench-');
  const remove = async (): Promise<void> => {
    await daemon.remove();
    await rm(directory, { recursive: true, force: true });
  };
  try {
    if (process.geteuid?.() === 0) await chown(directory, NOBODY, NOBODY);
    const command = {
      uri: daemon.uri('qemu:///session'),
      name: 'bench-0',
      pool: 'bench',
      volume_name: 'bench.img',
    };
    const domains = Array.from({ length: DOMAINS }, (_, index) => `bench-${index}`);
    await fill(command, domains, directory);
    return { command, domains, remove };
  } catch (error) {
    await remove();
    throw error;
  }
}

async function fill(
  { uri, pool, volume_name }: Omit<Command, 'n'>,
  domains: readonly string[],
  directory: string,
): Promise<void> {
  const connection = await connect(uri);
  await Promise.all(
    domains.map((name) => connection.domainDefineXML(domainXML(name, path.join(directory, name)))),
  );
  const target = `<target><path>${directory}</path></target>`;
  const store = await connection.storagePoolDefineXML(
    `<pool type="dir"><name>${pool}</name>${target}</pool>`,
  );
  await store.create();
  await store.createVolXML(
    `<volume><name>${volume_name}</name><capacity>${VOLUME_BYTES}</capacity><target><format type="raw"/></target></volume>`,
  );
  await connection.close();
}

function domainXML(name: string, file: string): string {
  return `<domain type="qemu">
  <name>${name}</name>
  <memory unit="MiB">64</memory>
  <vcpu>2</vcpu>
  <os><type arch="x86_64" machine="q35">hvm</type></os>
  <features><acpi/><apic/></features>
  <devices>
    <disk type="file" device="disk">
      <driver name="qemu" type="qcow2"/>
      <source file="${file}.qcow2"/>
      <target dev="vda" bus="virtio"/>
    </disk>
    <interface type="user"><model type="virtio"/></interface>
    <serial type="pty"/>
    <channel type="unix"><target type="virtio" name="org.qemu.guest_agent.0"/></channel>
    <graphics type="vnc" autoport="yes"/>
  </devices>
</domain>`;
}
