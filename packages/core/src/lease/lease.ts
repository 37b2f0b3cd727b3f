import type { Timestamp } from '../build/timestamp.ts';
import type { HolderIdentity } from './identity.ts';

/** How long a lease lives without renewal when nobody says otherwise, in seconds. */
export const defaultLeaseSeconds = 60;

/** The right of one holder to advance a build until it expires. Kept after its end, so that tokens only grow. */
export interface Lease {
  /** Who holds it, in words: a CI job, or `user@host`. */
  readonly holder: string;
  /** Which process holds it. */
  readonly identity: HolderIdentity | null;
  /** The fencing token: grows with every acquisition of the build's lease. */
  readonly token: number;
  /** How long it lives without renewal. */
  readonly ttlSeconds: number;
  /** When it was acquired. */
  readonly acquiredAt: Timestamp;
  /** Counts renewals, so that a writer that judged it expired notices a renewal in between. */
  readonly renewals: number;
  /** When it ends unless renewed. */
  readonly expiresAt: Timestamp;
  /** When its holder gave it up or was fenced out by a cancel. */
  readonly releasedAt: Timestamp | null;
}

/** Whether somebody holds the lease at `now`. Expiry is computed whenever somebody looks. */
export function isLive(lease: Lease | null, now: Timestamp): lease is Lease {
  return lease !== null && lease.releasedAt === null && lease.expiresAt > now;
}
