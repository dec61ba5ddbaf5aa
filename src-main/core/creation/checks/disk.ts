import type { Finding } from '../../../../src-contract/model/error.ts';
import { diskNeed, formatBytes, GIB, MIB, roundDown, roundUp } from '../../domain/resources.ts';
import type { Facts } from '../facts.ts';
import type { Check, CheckInput, Claims } from './check-input.ts';

/** What must stay free so that neither the host nor a starting guest chokes at once. */
const DISK_MARGIN = 256 * MIB;
const MEMORY_ONLY_MARGIN = 16 * MIB;
/** What a reservation that has not finished takes at least. */
const RESERVED_NOW = 2 * MIB;
const FIELD = 'overrides.diskBytes';

const setSize = (value: number): Pick<Finding, 'fix'> => ({
  fix: { action: 'set-field', label: `Use ${formatBytes(value)}`, field: FIELD, value },
});

/**
 * Bytes that can still be written to the pool; null = nobody can tell. The file system is asked as well,
 * since libvirt counts the blocks that are reserved for root as available (f_bfree, not f_bavail).
 */
export function availableBytes(facts: Facts): number | null {
  const pool = facts.pool?.active ? facts.pool.availableBytes : null;
  const free = facts.fileSystem?.freeBytes ?? null;
  if (pool === null || free === null) return pool ?? free;
  return Math.min(pool, free);
}

/** More than this a disk can never hold, however much is cleared away. */
function capacityBytes({ pool, fileSystem }: Facts): number {
  const whole = fileSystem?.totalBytes ?? Number.POSITIVE_INFINITY;
  return pool?.active ? Math.min(pool.capacityBytes, whole) : whole;
}

export const checkDiskSize: Check = ({ wish, image }) => {
  if (wish.template.source.kind === 'tryout') return [];
  const least = image?.kind === 'image' ? image.virtualBytes : MIB;
  if (wish.diskBytes >= least) return [];
  return [
    {
      code: 'disk_too_small',
      severity: 'error',
      message:
        image?.kind === 'image'
          ? `The image “${image.name}” needs a disk of at least ${formatBytes(least)}.`
          : 'The disk is too small.',
      field: FIELD,
      ...setSize(roundUp(least, GIB)),
    },
  ];
};

export const checkDiskSpace: Check = (input) => {
  const available = availableBytes(input.facts);
  if (available === null) return [];
  const { wish, facts, claims } = input;
  const need = diskNeed(wish);
  const others = claims.reservations;
  const promised = others.reduce((sum, reservation) => sum + reservation.diskBytes, 0);
  if (need.worst <= available - promised) return [];
  const inMemory = wish.template.source.kind === 'tryout';
  const margin = inMemory ? MEMORY_ONLY_MARGIN : DISK_MARGIN;
  const free = available - others.length * RESERVED_NOW;
  if (need.now + margin > free) return [spaceError(input, available - promised)];
  if (inMemory) return [];
  if (need.worst > capacityBytes(facts)) return [spaceError(input, available - promised)];
  return [overcommit(input, Math.max(available - promised, 0))];
};

function smallerDisk({ image }: CheckInput, room: number): Pick<Finding, 'fix'> {
  const value = roundDown(room - DISK_MARGIN, GIB);
  const least = image?.kind === 'image' ? image.virtualBytes : 0;
  return value >= Math.max(least, GIB) ? setSize(value) : {};
}

function spaceError(input: CheckInput, room: number): Finding {
  const { worst } = diskNeed(input.wish);
  return {
    code: 'disk_space',
    severity: 'error',
    message: `The machine may need ${formatBytes(worst)} of disk space, but ${input.facts.poolPath} has ${formatBytes(Math.max(room, 0))} to give.`,
    hint: 'Choose a smaller disk, or free some space.',
    field: FIELD,
    ...smallerDisk(input, room),
  };
}

function overcommit(input: CheckInput, room: number): Finding {
  const { worst } = diskNeed(input.wish);
  return {
    code: 'disk_overcommit',
    severity: 'warning',
    message: `The disk may grow to ${formatBytes(worst)}, but there is room for ${formatBytes(room)}. It starts small; the guest stops when the space runs out.`,
    hint: 'Choose a smaller disk, or free some space.',
    field: FIELD,
    ...smallerDisk(input, room),
  };
}

/** For the reservation's transaction: the same rules against what others hold by then. */
export function withReservations(input: CheckInput, reservations: Claims['reservations']) {
  return { ...input, claims: { ...input.claims, reservations } };
}
