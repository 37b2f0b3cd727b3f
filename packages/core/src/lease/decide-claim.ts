import { blockersOf } from '../branch/waiting.ts';
import type { BuildDraft } from '../build/draft.ts';
import { type BuildProgress, planResume } from '../resume/plan.ts';
import { acquireLease, type LeaseWish } from './decide-lease.ts';
import { isLive, type Lease } from './lease.ts';

/** Why a build may be claimed. */
export const claimReasons = ['pending', 'free', 'retry_due', 'abandoned'] as const;
/**
 * Why a build may be claimed: nobody has begun it (`pending`), a state is completed and nobody does the next one
 * (`free`), it failed and is due to be tried again (`retry_due`), or a state was begun by somebody who is gone or gave
 * it up (`abandoned`).
 */
export type ClaimReason = (typeof claimReasons)[number];

/** A wish to hold whichever build waits. */
export interface ClaimWish extends LeaseWish {
  /** Which states the worker can do next. @default any */
  readonly states?: ReadonlySet<number> | undefined;
  /** Which states the worker leaves to branches while those hold the build. @default none */
  readonly joining?: ReadonlySet<number> | undefined;
}

/** What became of a wish. */
export type ClaimDecision =
  | {
      /** The build is the worker's. */
      readonly outcome: 'taken';
      /** Under this lease. */
      readonly lease: Lease;
      /** Why it could be claimed. */
      readonly reason: ClaimReason;
      /** The state that it would do next. */
      readonly nextState: number;
    }
  /** It does not wait (any more), or it waits for something that this worker cannot do. */
  | { readonly outcome: 'taken_already' | 'unfit' };

/** Why a build may be claimed now, or `undefined` when it may not. */
function reasonOf(draft: BuildDraft, holderGone: number | null): ClaimReason | undefined {
  const { build, lease, open, now } = draft;
  if (build.deletedAt !== null) return undefined;
  if (isLive(lease, now) && lease.token !== holderGone) return undefined;
  if (build.status === 'pending') return 'pending';
  if (build.status === 'failed') {
    return build.nextRetryAt !== null && build.nextRetryAt <= now ? 'retry_due' : undefined;
  }
  if (build.status !== 'running') return undefined;
  // What was begun without a lease does not expire.
  if (open !== null) return open.leaseToken === null ? undefined : 'abandoned';
  return draft.record(build.currentState)?.abandoned === true ? 'abandoned' : 'free';
}

/** The state that a build would do next. */
export function nextStateOf(
  progress: BuildProgress,
  target: { readonly state: number; readonly started: boolean } | null,
): number {
  if (target !== null && !target.started) return target.state;
  // With or without artifacts: they decide how it goes on, not where.
  return planResume(progress, false).resumeFromState;
}

/**
 * Gives a waiting build to a worker, in the same change that ends what a holder who is gone has left open.
 * Changes nothing when the build does not wait, when its next state is not one of the worker's, or when that is for
 * branches to do: a build may go on beside its branches up to where they join, and not do the joined state itself.
 * The draft must have been made with the builds of the awaited branches.
 */
export function decideClaim(draft: BuildDraft, wish: ClaimWish): ClaimDecision {
  const reason = reasonOf(draft, wish.holderGone);
  if (reason === undefined) return { outcome: 'taken_already' };
  const { build, open, project, resumeTarget } = draft;
  const states = Object.fromEntries(draft.records.map((record) => [record.state, record]));
  const nextState = nextStateOf({ build, openAttempt: open, states, project }, resumeTarget);
  if (wish.states !== undefined && !wish.states.has(nextState)) return { outcome: 'unfit' };
  const blockers = blockersOf(build, new Map(draft.branches.map((branch) => [branch.id, branch])));
  // When the last of its branches is done, it waits for a worker again.
  if (blockers.some(({ until }) => nextState >= until)) return { outcome: 'unfit' };
  if (blockers.length > 0 && wish.joining?.has(nextState)) return { outcome: 'unfit' };
  return { outcome: 'taken', lease: acquireLease(draft, wish), reason, nextState };
}
