import {
  type Connection,
  type CallOptions as LibvirtCallOptions,
  LibvirtError,
} from 'node-libvirt';
import type { CallOptions, HostAbilities } from '../../core/ports/hypervisor.ts';
import { parseCapabilities, type QemuCapabilities } from './capabilities.ts';
import type { Context } from './context.ts';
import { orAborted } from './deadline.ts';
import { canEnrollSecureBoot } from './firmware.ts';
import { hasRenderNode, hasVhostNet } from './host-devices.ts';
import { probeKvm, whyNotOffered } from './kvm-probe.ts';

/** The first answer of a fresh daemon waits until QEMU has told all its capabilities. */
const TIMEOUT_MS = 60_000;

/** What this host's QEMU can do, found out once for each daemon. */
export class AbilityFinder {
  readonly #context: Context;
  #known: { generation: number; abilities: Promise<HostAbilities> } | null = null;

  constructor(context: Context) {
    this.#context = context;
  }

  /** `generation` changes with the daemon. */
  find(generation: number, { signal }: CallOptions = {}): Promise<HostAbilities> {
    if (this.#known?.generation !== generation) {
      // Shared by all who ask, so no one's signal ends it.
      const known = { generation, abilities: this.#ask() };
      known.abilities.catch(() => {
        if (this.#known === known) this.#known = null;
      });
      this.#known = known;
    }
    return orAborted(this.#known.abilities, signal);
  }

  #ask(): Promise<HostAbilities> {
    const { run, log } = this.#context;
    return run(
      'find out what QEMU can do',
      async (connection, call) => {
        const [offer, emulated] = await Promise.all([
          kvmOffer(connection, call),
          connection.getDomainCapabilities(query('qemu'), call).then(parseCapabilities),
        ]);
        const kvm = await judgeKvm(connection, offer, call);
        if (kvm.offered && !kvm.works) log.warn('KVM is offered but broken', { ...kvm });
        const { uefiSecure, video3d, ...rest } = offer.capabilities ?? emulated;
        return {
          kvm,
          ...rest,
          uefiSecure: uefiSecure && (await canEnrollSecureBoot()),
          vhostNet: await hasVhostNet(),
          video3d: video3d && (await hasRenderNode()),
        };
      },
      { timeoutMs: TIMEOUT_MS },
    );
  }
}

const query = (virttype: 'kvm' | 'qemu') => ({ arch: 'x86_64', machine: 'q35', virttype });

interface KvmOffer {
  capabilities: QemuCapabilities | null;
  refusal: string;
}

/** A host without KVM answers the question itself with an error. */
async function kvmOffer(connection: Connection, call: LibvirtCallOptions): Promise<KvmOffer> {
  try {
    const xml = await connection.getDomainCapabilities(query('kvm'), call);
    return { capabilities: parseCapabilities(xml), refusal: '' };
  } catch (error) {
    if (!(error instanceof LibvirtError)) throw error;
    return { capabilities: null, refusal: error.message };
  }
}

async function judgeKvm(
  connection: Connection,
  { capabilities, refusal }: KvmOffer,
  call: LibvirtCallOptions,
): Promise<HostAbilities['kvm']> {
  if (capabilities === null) {
    return { offered: false, works: false, reason: await whyNotOffered(refusal) };
  }
  return { offered: true, ...(await probeKvm(connection, capabilities.emulator, call)) };
}
