import type { HolderIdentity } from '@buildstate/core';
import { fromWire, StateInProgressError } from '@buildstate/core/light';
import { currentIdentity, holderGone } from '@buildstate/node-runtime';
import type { AcquireOptions } from '../api/leases.ts';
import type { Operations } from '../api/operations.ts';
import type { LeaseRecord } from './held-lease.ts';

/** A lease in the way, as the refusal describes it. */
interface LeaseInTheWay {
  readonly token: number;
  readonly identity: HolderIdentity;
}

/** How often a dead holder is stepped over: each time another worker may have been faster, and died as well. */
const takeovers = 3;

function inTheWay(error: unknown): LeaseInTheWay | undefined {
  if (!(error instanceof StateInProgressError)) return undefined;
  const { token, identity } = fromWire<Partial<LeaseInTheWay>>(error.context.lease ?? {});
  return typeof token === 'number' && identity ? { token, identity } : undefined;
}

/**
 * Acquires a lease. Where the one in the way belongs to a process of this machine that is gone, the tracker is
 * told so and gives the lease at once.
 * @param gone whether a process is certainly gone
 * @throws StateInProgressError and the other errors of the operation
 */
export async function acquireLease(
  operations: Operations,
  build: string,
  options: AcquireOptions,
  gone: (holder: HolderIdentity) => boolean = holderGone,
): Promise<LeaseRecord> {
  const { holder = operations.reporter(), identity = currentIdentity(), ttlSeconds } = options;
  const { takeOverDead = true, signal } = options;
  let holderIsGone: number | undefined;
  for (let left = takeovers; ; left--) {
    const body = { holder, identity, ttlSeconds, holderGone: holderIsGone };
    try {
      return await operations.call('acquireLease', { params: { buildId: build }, body }, { signal });
    } catch (error) {
      const other = takeOverDead && left > 0 ? inTheWay(error) : undefined;
      if (other === undefined || !gone(other.identity)) throw error;
      holderIsGone = other.token;
    }
  }
}
