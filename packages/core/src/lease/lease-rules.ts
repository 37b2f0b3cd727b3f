import { abandonOpen } from '../build/attempt-lifecycle.ts';
import type { BuildDraft } from '../build/draft.ts';
import { earliest, type Timestamp } from '../build/timestamp.ts';
import { LeaseLostError } from '../errors/lease-lost-error.ts';
import { StateInProgressError } from '../errors/state-in-progress-error.ts';
import { leaseExpired } from './expiry.ts';
import { isLive, type Lease } from './lease.ts';

/** What everybody may know of a lease, in the names of the wire. */
export function leaseFacts(lease: Lease) {
  const { holder, identity, token, expiresAt } = lease;
  return {
    holder,
    token,
    expires_at: expiresAt,
    identity:
      identity === null
        ? null
        : {
            host: identity.host,
            machine_id: identity.machineId,
            boot_id: identity.bootId,
            pid_namespace: identity.pidNamespace,
            pid: identity.pid,
            process_started_at: identity.processStartedAt,
            user: identity.user,
          },
  };
}

/** The error for somebody who meets a live lease. */
export function heldByAnother(draft: BuildDraft, lease: Lease): StateInProgressError {
  const { build } = draft;
  return new StateInProgressError(
    `${lease.holder} holds the lease on build ${build.project}:${build.buildNumber} until ${lease.expiresAt}. ` +
      'Wait for it to end, or look at it with `bldst build get`.',
    { context: { lease: leaseFacts(lease) } },
  );
}

/** Why a lease whose holder is gone ends. */
export type LeaseEnd = typeof leaseExpired | 'holder_gone';

/**
 * Ends a lease whose holder is gone: what it had open is abandoned. The decision then rests on the lease being
 * as it was, so that a renewal in between voids it.
 */
export function endLease(draft: BuildDraft, lease: Lease, closedBy: LeaseEnd): void {
  const endTime = closedBy === leaseExpired ? earliest(lease.expiresAt, draft.now) : draft.now;
  if (draft.open?.leaseToken === lease.token) abandonOpen(draft, closedBy, endTime);
  draft.setLease({ ...lease, releasedAt: draft.now });
  draft.guardLease();
  draft.event('lease.lost', { holder: lease.holder, token: lease.token, reason: closedBy });
}

/**
 * Checks that a reporter may write. A stale token is refused; without one, a live lease of somebody else is in
 * the way, and an expired one is ended here, by the next writer. A holder whose lease expired unnoticed still
 * has the newest token and may write: nobody has taken its place.
 * @throws LeaseLostError, StateInProgressError
 */
export function checkLease(draft: BuildDraft, token: number | null): void {
  const { lease } = draft;
  if (token !== null) {
    checkToken(draft, token);
    return;
  }
  if (lease === null || lease.releasedAt !== null) return;
  if (isLive(lease, draft.now)) throw heldByAnother(draft, lease);
  endLease(draft, lease, leaseExpired);
}

/**
 * Checks that a fencing token is the newest of its build and was not released.
 * @throws LeaseLostError
 */
export function checkToken(draft: BuildDraft, token: number): void {
  if (holdsToken(draft, token)) return;
  throw leaseLost(draft, token, draft.now);
}

/** Whether a fencing token, where one is given, is the newest of its build and was not released. */
export function holdsToken({ lease }: BuildDraft, token: number | null): boolean {
  return token === null || (lease !== null && lease.token === token && lease.releasedAt === null);
}

/** The error for the holder of a lease that is no longer good. */
export function leaseLost(
  { build, lease }: Pick<BuildDraft, 'build' | 'lease'>,
  token: number,
  now: Timestamp,
): LeaseLostError {
  const holder = isLive(lease, now) ? ` ${lease.holder} holds the build now.` : '';
  return new LeaseLostError(
    `The lease ${token} on build ${build.project}:${build.buildNumber} is no longer good.${holder} ` +
      'Stop the work: nothing more of it is recorded.',
    { context: { lease_token: token, ...(lease !== null && { lease: leaseFacts(lease) }) } },
  );
}
