import { currentIdentity } from '@buildstate/node-runtime';
import type { ClaimOptions, ClaimRecord } from '../api/leases.ts';
import type { Operations } from '../api/operations.ts';
import type { LeaseNotes } from './lease-notes.ts';

/** How long a claim that was given up is settled, in milliseconds. */
const settleMs = 3000;

/** What claims are made with. */
export interface ClaimParts {
  /** The operations. */
  readonly operations: Operations;
  /** What processes of this machine hold. */
  readonly notes: LeaseNotes;
}

function wishOf({ operations }: ClaimParts, options: ClaimOptions, gone: readonly object[]) {
  const { project, platform, states, joining, ttlSeconds, waitSeconds } = options;
  const { holder = operations.reporter(), identity = currentIdentity() } = options;
  const holdersGone = gone as readonly { readonly buildId: string; readonly token: number }[];
  return {
    project,
    platform,
    states: states && [...states],
    joining: joining && [...joining],
    holder,
    identity,
    ttlSeconds,
    waitSeconds,
    ...(holdersGone.length > 0 && { holdersGone: [...holdersGone] }),
  };
}

/**
 * Claims the oldest build that waits, if there is one; first of all what processes of this machine left that are gone.
 * A claim that is given up (`signal`) may have been granted already, unheard: it is sent once more with its key, which
 * answers the lease that it was granted, and that is given back.
 */
export async function claimBuild(parts: ClaimParts, options: ClaimOptions): Promise<ClaimRecord | undefined> {
  const { operations, notes } = parts;
  const { takeOverDead = true, signal } = options;
  const gone = takeOverDead ? await notes.gone() : [];
  const body = wishOf(
    parts,
    options,
    gone.map(({ buildId, token }) => ({ buildId, token })),
  );
  const idempotencyKey = operations.ids.uuid();
  try {
    const claim = await operations.call('claimBuild', { body }, { signal, idempotencyKey });
    const left = gone.find(({ buildId }) => buildId === claim?.lease.buildId);
    if (left !== undefined) await notes.remove(left);
    return claim;
  } catch (error) {
    if (signal?.aborted) await settle(operations, body, idempotencyKey);
    throw error;
  }
}

async function settle(
  { call }: Operations,
  body: ReturnType<typeof wishOf>,
  idempotencyKey: string,
): Promise<void> {
  const signal = AbortSignal.timeout(settleMs);
  try {
    const claim = await call('claimBuild', { body }, { signal, idempotencyKey });
    if (claim === undefined) return;
    const { buildId, token } = claim.lease;
    await call('releaseLease', { params: { buildId }, query: { token: String(token) } }, { signal });
  } catch {
    // The caller is told that it gave up. If there was a lease, it ends by itself.
  }
}
