import type { Logger } from '@buildstate/core';
import type { LeasesApi } from '../api/leases.ts';
import type { Operations } from '../api/operations.ts';
import { acquireLease } from './acquire.ts';
import { holdLease } from './hold.ts';
import type { LeaseTimer } from './lease-timer.ts';

/** What the facade's part for leases is made from. */
export interface LeasesParts {
  /** The operations. */
  readonly operations: Operations;
  /** Delivers reports that wait under a lease; answers how many still do. */
  readonly deliverUnder: (token: number) => Promise<number>;
  /** Gives a lease up after the reports that wait. */
  readonly releaseLater: (build: string, token: number) => Promise<void>;
  /** Measures time. */
  readonly timer: LeaseTimer;
  /** Told about trouble with heartbeats. */
  readonly logger: Logger;
}

/** The facade's part for leases. */
export function leasesApi({ operations, deliverUnder, releaseLater, timer, logger }: LeasesParts): LeasesApi {
  const { call } = operations;
  const renew: LeasesApi['renew'] = (buildId, token, options) =>
    call('renewLease', { params: { buildId }, body: { token } }, options);
  const release: LeasesApi['release'] = (buildId, token, options) =>
    call('releaseLease', { params: { buildId }, query: { token: String(token) } }, options);
  return {
    async acquire(build, options = {}) {
      const grantedAt = timer.monotonic();
      const record = await acquireLease(operations, build, options);
      const { buildId, token } = record;
      return holdLease({
        record,
        grantedAt,
        untilFencedOut: options.untilFencedOut,
        renew: (how) => renew(buildId, token, how),
        release: () => release(buildId, token),
        deliver: () => deliverUnder(token),
        releaseLater: options.untilFencedOut ? () => releaseLater(buildId, token) : undefined,
        timer,
        logger,
      });
    },
    take: (build, options = {}) => acquireLease(operations, build, options),
    renew,
    release,
  };
}
