import type { Finding } from '../../../../src-contract/model/error.ts';
import type { Media } from '../../../../src-contract/model/media.ts';
import type { Wish } from '../../domain/request.ts';
import type { MachineRecord, Reservation } from '../../ports/repositories.ts';
import type { Facts } from '../facts.ts';
import type { CpuClaims } from '../placement.ts';

/** What Berth itself remembers, without the creation that is being checked. */
export interface Claims {
  machines: MachineRecord[];
  reservations: Reservation[];
  cpus: CpuClaims;
}

/** Everything that a check may look at. Checks are pure. */
export interface CheckInput {
  wish: Wish;
  /** The account in the guest; null when the template has no login. */
  user: string | null;
  hasPassword: boolean;
  /** The chosen image, as far as the library knows it. */
  image: Media | null;
  facts: Facts;
  claims: Claims;
}

export type Check = (input: CheckInput) => Finding[];
