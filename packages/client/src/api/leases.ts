import type { HolderIdentity, OperationAnswer } from '@buildstate/core';
import type { HeldLease, LeaseRecord } from '../lease/held-lease.ts';
import type { CallOptions } from './call.ts';

/** How a lease is acquired. */
export interface AcquireOptions extends CallOptions {
  /** Who, in words. @default the client's reporter: the CI job, else `user@host` */
  readonly holder?: string;
  /** Life without renewal, in seconds. @default 60 */
  readonly ttlSeconds?: number;
  /** Which process holds it. @default this one */
  readonly identity?: HolderIdentity;
  /**
   * Go on while the tracker is away, however long, and only stop when it says that somebody else holds the build.
   * For work whose reports are spooled: what arrives late counts unless the build was taken over. A release while
   * the tracker is away is spooled as well, behind those reports.
   * @default false: the lease counts as lost when it could not be renewed for its time-to-live
   */
  readonly untilFencedOut?: boolean;
  /** Take over at once from a holder on this machine whose process is gone. @default true */
  readonly takeOverDead?: boolean;
}

/** Which build is claimed, and how. */
export interface ClaimOptions extends AcquireOptions {
  /** Id or name of the project. @default any that the key may see */
  readonly project?: string | undefined;
  /** Id or name of the platform. @default any */
  readonly platform?: string | undefined;
  /** Codes and ranges such as `35-70`, of which one must be the state that the build would do next. @default any */
  readonly states?: readonly (number | string)[] | undefined;
  /**
   * Codes and ranges that are left to branches: a build that branches hold is not given when it would do one of these
   * next. @default only what lies behind the join
   */
  readonly joining?: readonly (number | string)[] | undefined;
  /** Seconds to wait for a build when there is none, 30 at most. @default 0 */
  readonly waitSeconds?: number | undefined;
}

/** A build that was claimed: itself, its lease, the state that it would do next, and why it could be claimed. */
export type ClaimRecord = NonNullable<OperationAnswer<'claimBuild'>>;

/** A build that was claimed, whose lease is kept alive. */
export interface HeldClaim extends Omit<ClaimRecord, 'lease'> {
  /** The lease. */
  readonly lease: HeldLease;
}

/** The right to advance builds. */
export interface LeasesApi {
  /**
   * Acquires a build's lease and keeps it alive: renewed at a third of its time-to-live until released.
   * @throws StateInProgressError when somebody else holds it; `context.lease` says who, until when
   */
  acquire(build: string, options?: AcquireOptions): Promise<HeldLease>;
  /**
   * Claims the oldest build that waits for a worker, and keeps its lease alive like `acquire`. `undefined` when there is
   * none, also after waiting. See `builds.claim` for a claim without a heartbeat.
   */
  claim(options?: ClaimOptions): Promise<HeldClaim | undefined>;
  /** Acquires without a heartbeat, for callers that renew by themselves. */
  take(build: string, options?: AcquireOptions): Promise<LeaseRecord>;
  /** One renewal. @throws LeaseLostError */
  renew(build: string, token: number, options?: CallOptions): Promise<LeaseRecord>;
  /** Gives a lease up. @throws LeaseLostError for a stale token */
  release(build: string, token: number, options?: CallOptions): Promise<void>;
}
