import { rollBackArtifacts } from '../artifact/roll-back.ts';
import { undoForks } from '../branch/decide-fork.ts';
import { IllegalTransitionError } from '../errors/illegal-transition-error.ts';
import { checkLease } from '../lease/lease-rules.ts';
import { abandonOpen } from './attempt-lifecycle.ts';
import { checkNotClosed } from './closed.ts';
import type { BuildDraft } from './draft.ts';
import { dropRequest } from './follow-request.ts';

/** The states that count as done, ascending. */
function doneStates(draft: BuildDraft): number[] {
  return draft.records.filter(({ outcome }) => outcome !== null).map(({ state }) => state);
}

/** A wish to go back. */
export interface RollbackWish {
  /** The state to go back to; `undefined`: the completed state before the last. */
  readonly target: number | undefined;
  /** Why. */
  readonly reason: string | null;
  /** Who reports it. */
  readonly reportedBy: string | null;
  /** Fencing token of the reporter's lease. */
  readonly leaseToken: number | null;
}

/**
 * Goes back to an earlier completed state; an open resume request is over with it. The draft must have been made
 * with the completed and skipped attempts, all artifacts and the resume requests.
 * @throws BuildClosedError, LeaseLostError, StateInProgressError, IllegalTransitionError
 */
export function decideRollback(draft: BuildDraft, wish: RollbackWish): void {
  checkNotClosed(draft.build);
  checkLease(draft, wish.leaseToken);
  const done = doneStates(draft);
  const { build } = draft;
  const fork = build.branchedFromState ?? 0;
  const target = wish.target ?? Math.max(done.at(-2) ?? 0, fork);
  if (target < fork) {
    throw new IllegalTransitionError(
      `Branch ${build.project}:${build.buildNumber} begins after state ${fork}; what lies before belongs to its ` +
        `parent. Roll back to ${fork} or later, or roll the parent back.`,
      { context: { target_state: target, branched_from_state: fork } },
    );
  }
  if (target !== 0 && !done.includes(target)) {
    throw new IllegalTransitionError(
      `State ${target} of build ${build.project}:${build.buildNumber} was never completed. ` +
        `Roll back to ${done.length > 0 ? `0 or one of ${done.join(', ')}` : '0'}.`,
      { context: { target_state: target, completed_states: done } },
    );
  }
  if (target >= build.currentState) {
    throw new IllegalTransitionError(
      `Build ${build.project}:${build.buildNumber} is at state ${build.currentState}; ` +
        `a rollback leads to an earlier state, not to ${target}.`,
      { context: { target_state: target, current_state: build.currentState } },
    );
  }
  rollBackTo(draft, target, wish);
  dropRequest(draft);
}

/**
 * Does the rolling back: later completed attempts become `rolled_back`, artifacts made after the target stop
 * being resumable and are kept, failures are counted anew.
 */
export function rollBackTo(
  draft: BuildDraft,
  target: number,
  why: Pick<RollbackWish, 'reason' | 'reportedBy'>,
): void {
  const from = draft.build.currentState;
  abandonOpen(draft, 'rolled_back');
  for (const attempt of draft.loaded.attempts) {
    const done = attempt.status === 'completed' || attempt.status === 'skipped';
    if (done && attempt.state > target) draft.attempts.put({ ...attempt, status: 'rolled_back' });
  }
  rollBackArtifacts(draft, target);
  for (const { state, outcome } of draft.records) {
    const undone = state > target && outcome !== null;
    draft.patchRecord(state, {
      failures: 0,
      ...(undone && { outcome: null, completedAttemptId: null, artifactFingerprint: null }),
    });
  }
  undoForks(draft, target);
  const started = draft.counts.attempts > 0;
  draft.patch({
    status: started ? 'running' : draft.build.status,
    currentState: target,
    lastSuccessfulState: target,
    failedState: null,
    nextRetryAt: null,
  });
  draft.event('state.rolled_back', {
    from_state: from,
    target_state: target,
    reason: why.reason,
    reported_by: why.reportedBy,
  });
}
