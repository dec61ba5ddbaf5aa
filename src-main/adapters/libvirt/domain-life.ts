import { setTimeout as delay } from 'node:timers/promises';
import {
  type Domain,
  DomainCreateFlags,
  DomainDefineFlags,
  DomainRebootFlags,
  DomainShutdownFlags,
  DomainUndefineFlags,
  ErrorCode,
  KeycodeSet,
  type CallOptions as LibvirtCallOptions,
  LibvirtError,
} from 'node-libvirt';
import type { Context, Part, RunOptions } from './context.ts';
import { tolerate } from './errors.ts';

/** QEMU, its firmware and a TPM have to come up, on a host that may be swapping. */
const START_TIMEOUT_MS = 180_000;
const AGENT_SECONDS = 5;
const KEY_HOLD_MS = 100;

type LifePart = Part<
  | 'defineDomain'
  | 'startDomain'
  | 'shutdownDomain'
  | 'rebootDomain'
  | 'suspendDomain'
  | 'resumeDomain'
  | 'destroyDomain'
  | 'undefineDomain'
  | 'sendKeys'
>;
type Work = (domain: Domain, call: LibvirtCallOptions) => Promise<void>;

export function domainLife({ run }: Context): LifePart {
  const change = (doing: string, uuid: string, work: Work, options: RunOptions = {}) =>
    run(
      doing,
      async (connection, call) => work(await connection.domainLookupByUUID(uuid, call), call),
      options,
    );
  return {
    defineDomain: (xml, options) =>
      run(
        'define the machine',
        async (connection, call) => {
          const flags = DomainDefineFlags.VALIDATE;
          const { uuid, name } = await connection.domainDefineXML(xml, flags, call);
          return { uuid, name };
        },
        options,
      ),
    startDomain: (uuid, options = {}) => {
      const flags = options.paused ? DomainCreateFlags.PAUSED : DomainCreateFlags.NONE;
      const start: Work = (domain, call) => domain.createWithFlags(flags, call);
      return change('start the machine', uuid, start, { ...options, timeoutMs: START_TIMEOUT_MS });
    },
    shutdownDomain: (uuid, options) => change('shut the machine down', uuid, shutdown, options),
    rebootDomain: (uuid, options) => change('restart the machine', uuid, reboot, options),
    suspendDomain: (uuid, options) =>
      change('pause the machine', uuid, (domain, call) => domain.suspend(call), options),
    resumeDomain: (uuid, options) => {
      const resume: Work = (domain, call) => domain.resume(call);
      return tolerate(['domain_active'], change('resume the machine', uuid, resume, options));
    },
    destroyDomain: (uuid, options) => {
      const done = change('stop the machine', uuid, destroy, options);
      return tolerate(['domain_inactive', 'domain_missing'], done);
    },
    undefineDomain: (uuid, options) => {
      const done = change('remove the definition of the machine', uuid, undefine, options);
      return tolerate(['domain_missing'], done);
    },
    sendKeys: (uuid, keys, options) => {
      const press: Work = (domain, call) =>
        domain.sendKey(KeycodeSet.LINUX, KEY_HOLD_MS, keys, 0, call);
      return change('press a key', uuid, press, options);
    },
  };
}

const TAKEOVER_TRIES = 50;
const TAKEOVER_PAUSE_MS = 100;

/** A daemon that has just started may deny that a guest runs which it is still taking over; then it is asked again. */
async function destroy(domain: Domain, call: LibvirtCallOptions): Promise<void> {
  for (let tries = 1; ; tries++) {
    try {
      return await domain.destroyFlags(0, call);
    } catch (error) {
      const denied = error instanceof LibvirtError && error.isOperationInvalid;
      if (!denied || tries === TAKEOVER_TRIES || !(await domain.isActive(call))) throw error;
    }
    await delay(TAKEOVER_PAUSE_MS);
  }
}

/** The power button reaches most guests; those without ACPI are asked through their agent as well. */
async function shutdown(domain: Domain, call: LibvirtCallOptions): Promise<void> {
  await domain.shutdownFlags(DomainShutdownFlags.ACPI_POWER_BTN, call);
  void shutdownByAgent(domain);
}

/** Nobody waits for it: a guest without an agent, or with one that hangs, is the usual case. */
async function shutdownByAgent(domain: Domain): Promise<void> {
  const call = { timeoutMs: 3 * AGENT_SECONDS * 1000 };
  try {
    await domain.agentSetResponseTimeout(AGENT_SECONDS, 0, call);
    await domain.shutdownFlags(DomainShutdownFlags.GUEST_AGENT, call);
  } catch {
    // The power button was pressed all the same.
  }
}

const reboot: Work = (domain, call) => domain.reboot(DomainRebootFlags.ACPI_POWER_BTN, call);

const { MANAGED_SAVE, SNAPSHOTS_METADATA, NVRAM, CHECKPOINTS_METADATA, TPM } = DomainUndefineFlags;
/** Everything that belongs to a definition, then less for daemons that do not know the newest. */
const UNDEFINE_FLAGS = [
  MANAGED_SAVE | SNAPSHOTS_METADATA | NVRAM | CHECKPOINTS_METADATA | TPM,
  MANAGED_SAVE | SNAPSHOTS_METADATA | NVRAM | CHECKPOINTS_METADATA,
  MANAGED_SAVE | SNAPSHOTS_METADATA | NVRAM,
  MANAGED_SAVE,
] as const;

async function undefine(domain: Domain, call: LibvirtCallOptions): Promise<void> {
  for (const flags of UNDEFINE_FLAGS) {
    try {
      return await domain.undefineFlags(flags, call);
    } catch (error) {
      if (!isUnknownFlag(error)) throw error;
    }
  }
  await domain.undefineFlags(0, call);
}

const isUnknownFlag = (error: unknown): boolean =>
  error instanceof LibvirtError &&
  error.code === ErrorCode.INVALID_ARG &&
  /unsupported flags/i.test(error.message);
