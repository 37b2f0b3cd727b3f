import type { Attempt } from '../build/attempt.ts';
import { abandonedAt } from '../build/attempt-lifecycle.ts';
import { earliest, type Timestamp } from '../build/timestamp.ts';
import { isLive, type Lease } from './lease.ts';

/** What `closed_by` says of an attempt whose lease expired. */
export const leaseExpired = 'lease_expired';

/**
 * An attempt as somebody sees it who looks at `now`: one whose lease has expired is abandoned, though the next
 * writer has yet to record that.
 * @param lease the newest lease of the attempt's build
 */
export function seenAt(attempt: Attempt, lease: Lease | null, now: Timestamp): Attempt {
  const endTime = earliest(lease?.expiresAt ?? now, now);
  if (attempt.status !== 'in_progress' || attempt.leaseToken === null || isLive(lease, now)) return attempt;
  return abandonedAt(attempt, leaseExpired, endTime);
}
