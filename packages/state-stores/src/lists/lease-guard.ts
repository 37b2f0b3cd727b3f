import type { BuildChange, Lease } from '@buildstate/core';

/** Whether a change may be applied to a build that has this version and this lease. */
export function expectationHolds(
  expected: NonNullable<BuildChange['expected']>,
  version: number,
  lease: Lease | null,
): boolean {
  const { lease: wanted } = expected;
  if (version !== expected.version) return false;
  return wanted === undefined || (lease?.token === wanted.token && lease.renewals === wanted.renewals);
}

/** The lease after a heartbeat at `now`, or `undefined` when the token gives no right to one. */
export function renewed(lease: Lease | null, token: number, now: number): Lease | undefined {
  if (lease === null || lease.token !== token || lease.releasedAt !== null) return undefined;
  const expiresAt = new Date(now + lease.ttlSeconds * 1000).toISOString();
  return { ...lease, renewals: lease.renewals + 1, expiresAt };
}
