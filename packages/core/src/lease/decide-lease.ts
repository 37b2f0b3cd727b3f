import { abandonOpen } from '../build/attempt-lifecycle.ts';
import { checkNotClosed } from '../build/closed.ts';
import type { BuildDraft } from '../build/draft.ts';
import { timestamp } from '../build/timestamp.ts';
import { leaseExpired } from './expiry.ts';
import type { HolderIdentity } from './identity.ts';
import { isLive, type Lease } from './lease.ts';
import { checkToken, endLease, heldByAnother } from './lease-rules.ts';

/** A wish to hold a build. */
export interface LeaseWish {
  /** Who, in words. */
  readonly holder: string;
  /** Which process. */
  readonly identity: HolderIdentity | null;
  /** Life without renewal. */
  readonly ttlSeconds: number;
  /** Token of a lease whose process the caller has seen to be gone. */
  readonly holderGone: number | null;
}

/**
 * Gives the build's lease to somebody, with the next fencing token.
 * @throws StateInProgressError while another one is live, BuildClosedError
 */
export function acquireLease(draft: BuildDraft, wish: LeaseWish): Lease {
  checkNotClosed(draft.build);
  const previous = draft.lease;
  if (previous !== null && previous.releasedAt === null) {
    const gone = wish.holderGone === previous.token;
    if (isLive(previous, draft.now) && !gone) throw heldByAnother(draft, previous);
    endLease(draft, previous, gone ? 'holder_gone' : leaseExpired);
  }
  const lease: Lease = {
    holder: wish.holder,
    identity: wish.identity,
    token: (previous?.token ?? 0) + 1,
    ttlSeconds: wish.ttlSeconds,
    acquiredAt: draft.now,
    renewals: 0,
    expiresAt: timestamp(draft.context.now + wish.ttlSeconds * 1000),
    releasedAt: null,
  };
  draft.setLease(lease);
  draft.event('lease.acquired', { holder: lease.holder, token: lease.token });
  return lease;
}

/**
 * Gives a lease up; what it had open is abandoned. Giving up what was given up already changes nothing.
 * @throws LeaseLostError when a newer lease exists
 */
export function releaseLease(draft: BuildDraft, token: number): void {
  const { lease } = draft;
  if (lease !== null && lease.token === token && lease.releasedAt !== null) return;
  checkToken(draft, token);
  if (lease === null) return;
  if (draft.open?.leaseToken === token) abandonOpen(draft, 'released');
  draft.setLease({ ...lease, releasedAt: draft.now });
  draft.event('lease.released', { holder: lease.holder, token });
}
