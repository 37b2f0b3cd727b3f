import type { OperationAnswer } from '@buildstate/core';

/** A lease as everybody may see it. */
export type LeaseRecord = OperationAnswer<'acquireLease'>;

/**
 * The right to advance a build, kept alive in the background until it is released. Use it with `await using`, so
 * that it is given up on every way out.
 */
export interface HeldLease extends AsyncDisposable {
  /** UUID of the build. */
  readonly buildId: string;
  /** The fencing token: put it as `leaseToken` into every report. */
  readonly token: number;
  /** Who holds it, in words. */
  readonly holder: string;
  /** How long it lives without renewal, in seconds. */
  readonly ttlSeconds: number;
  /**
   * Aborts, with a LeaseLostError as its reason, when the lease is lost: fenced out by somebody else, or not
   * renewed for a whole time-to-live. What runs under the lease must stop then. Does not abort on release.
   */
  readonly signal: AbortSignal;
  /** Stops the heartbeat and gives the lease up. Repeating it, or releasing a lost lease, does nothing. */
  release(): Promise<void>;
}
