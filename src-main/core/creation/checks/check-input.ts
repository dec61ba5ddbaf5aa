import type { Application } from '../../../../src-contract/model/application.ts';
import type { Quota, Usage } from '../../../../src-contract/model/department.ts';
import type { Finding } from '../../../../src-contract/model/error.ts';
import type { Media } from '../../../../src-contract/model/media.ts';
import type { Wish } from '../../domain/request.ts';
import type { GpuClaim } from '../../ports/gpu-claims-repository.ts';
import type { MachineRecord, Reservation } from '../../ports/repositories.ts';
import type { Facts } from '../facts.ts';

/** A department's limits and what its machines hold of them now. */
export interface DepartmentQuota {
  name: string;
  quota: Quota;
  used: Usage;
}

/** Host CPUs that belong to one machine alone. */
export interface CpuClaims {
  others: readonly number[];
  own: readonly number[];
}

/** What Berth itself remembers, without the creation that is being checked. */
export interface Claims {
  machines: MachineRecord[];
  reservations: Reservation[];
  cpus: CpuClaims;
  /** Of other machines. */
  gpus: readonly GpuClaim[];
  /** Null when the creation that is checked has made its claim. */
  quota: DepartmentQuota | null;
}

/** Everything that a check may look at. Checks are pure. */
export interface CheckInput {
  wish: Wish;
  /** Machines like this one that are asked for at once, this one included. */
  count: number;
  /** The account in the guest; null when the template has no login. */
  user: string | null;
  hasPassword: boolean;
  /** The chosen image, as far as the library knows it. */
  image: Media | null;
  /** The medium with virtio drivers for Windows. */
  drivers: Media | null;
  facts: Facts;
  claims: Claims;
  /** Name of the network that the department prescribes. */
  departmentNetwork: string | null;
  /** Whether a policy of the department or of the machine asks for a network filter. */
  filtered: boolean;
  /** What guests can install. */
  catalogue: readonly Application[];
}

export type Check = (input: CheckInput) => Finding[];
