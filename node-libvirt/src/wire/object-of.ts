/** Fields that hold a handle, and how its object is told from others of its kind. */
const HANDLES: Readonly<Record<string, readonly string[]>> = {
  dom: ['uuid'],
  net: ['uuid'],
  pool: ['uuid'],
  vol: ['pool', 'name'],
  nwfilter: ['uuid'],
  binding: ['portDev'],
  secret: ['uuid'],
};

/** Snapshots and checkpoints belong to a domain, whose changes they are. */
const OF_DOMAIN = ['snap', 'checkpoint'];

/** They end what is under way, or are independent of each other: they wait for nothing. */
const PASSING: ReadonlySet<string> = new Set([
  'DOMAIN_DESTROY',
  'DOMAIN_DESTROY_FLAGS',
  'DOMAIN_ABORT_JOB',
  'DOMAIN_ABORT_JOB_FLAGS',
  'DOMAIN_BLOCK_JOB_ABORT',
  'STORAGE_VOL_CREATE_XML',
]);

function field(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
}

/**
 * Names the object that a call changes, so that calls for one object can be kept in order. Null when
 * the arguments hold no handle, or the call must not wait for others.
 */
export function objectOf(procedure: string, args: unknown): string | null {
  if (PASSING.has(procedure)) return null;
  for (const name of OF_DOMAIN) {
    const uuid = field(field(field(args, name), 'domain'), 'uuid');
    if (uuid !== undefined) return `dom ${uuid}`;
  }
  for (const [name, keys] of Object.entries(HANDLES)) {
    const handle = field(args, name);
    if (handle !== undefined) return [name, ...keys.map((key) => field(handle, key))].join(' ');
  }
  return null;
}
