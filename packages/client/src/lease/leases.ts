import type { Logger } from '@buildstate/core';
import type { AcquireOptions, LeasesApi } from '../api/leases.ts';
import type { Operations } from '../api/operations.ts';
import { acquireLease } from './acquire.ts';
import { claimBuild } from './claim.ts';
import type { LeaseRecord } from './held-lease.ts';
import { holdLease } from './hold.ts';
import type { LeaseNotes } from './lease-notes.ts';
import type { LeaseTimer } from './lease-timer.ts';

/** What the facade's part for leases is made from. */
export interface LeasesParts {
  /** The operations. */
  readonly operations: Operations;
  /** What processes of this machine hold. */
  readonly notes: LeaseNotes;
  /** Delivers reports that wait under a lease; answers how many still do. */
  readonly deliverUnder: (token: number) => Promise<number>;
  /** Gives a lease up after the reports that wait. */
  readonly releaseLater: (build: string, token: number) => Promise<void>;
  /** Measures time. */
  readonly timer: LeaseTimer;
  /** Told about trouble with heartbeats. */
  readonly logger: Logger;
}

/**
 * When a lease counts as granted that may have been waited for: not before it was asked for, and so long ago at most
 * that it is renewed at once, with time left for trying again.
 */
function grantTime(sentAt: number, answeredAt: number, { ttlSeconds }: LeaseRecord): number {
  return Math.max(sentAt, answeredAt - (ttlSeconds * 1000) / 2);
}

/** The facade's part for leases. */
export function leasesApi(parts: LeasesParts): LeasesApi {
  const { operations, notes, timer } = parts;
  const { call } = operations;
  const renew: LeasesApi['renew'] = (buildId, token, options) =>
    call('renewLease', { params: { buildId }, body: { token } }, options);
  const release: LeasesApi['release'] = (buildId, token, options) =>
    call('releaseLease', { params: { buildId }, query: { token: String(token) } }, options);

  /** Keeps a lease alive that was granted, and notes on this machine that it is held. */
  async function hold(record: LeaseRecord, grantedAt: number, { untilFencedOut }: AcquireOptions) {
    const { buildId, token } = record;
    await notes.add(record);
    const lease = holdLease({
      record,
      grantedAt,
      untilFencedOut,
      renew: (how) => renew(buildId, token, how),
      release: () => release(buildId, token),
      ended: () => notes.remove(record),
      deliver: () => parts.deliverUnder(token),
      releaseLater: untilFencedOut ? () => parts.releaseLater(buildId, token) : undefined,
      timer,
      logger: parts.logger,
    });
    return lease;
  }

  return {
    async acquire(build, options = {}) {
      const grantedAt = timer.monotonic();
      return hold(await acquireLease(operations, build, options), grantedAt, options);
    },
    async claim(options = {}) {
      const sentAt = timer.monotonic();
      const claim = await claimBuild(parts, options);
      if (claim === undefined) return undefined;
      const { lease } = claim;
      return { ...claim, lease: await hold(lease, grantTime(sentAt, timer.monotonic(), lease), options) };
    },
    take: (build, options = {}) => acquireLease(operations, build, options),
    renew,
    release,
  };
}
