import { IllegalTransitionError } from '../errors/illegal-transition-error.ts';
import { checkLease } from '../lease/lease-rules.ts';
import { abandonOpen, addNote } from './attempt-lifecycle.ts';
import { checkNotClosed } from './closed.ts';
import type { BuildDraft } from './draft.ts';
import { followRequest } from './follow-request.ts';
import type { Reporter } from './report.ts';
import { secondsBetween } from './timestamp.ts';

/** What a person says with a decision of their own. */
export interface ManualReport extends Reporter {
  /** The client-made id. */
  readonly eventId: string;
  /** Why. */
  readonly reason: string | null;
}

/**
 * Clears a failure by hand: a note in the history, the state's failures counted anew, the build running again.
 * @param state the failed state, or `undefined` for whichever it is
 * @throws BuildClosedError, LeaseLostError, StateInProgressError, IllegalTransitionError, LimitError
 */
export function decideManualRetry(draft: BuildDraft, state: number | undefined, report: ManualReport): void {
  checkNotClosed(draft.build);
  checkLease(draft, report.leaseToken);
  const { failedState, project, buildNumber, status } = draft.build;
  if (failedState === null || status !== 'failed' || (state !== undefined && state !== failedState)) {
    const fact =
      failedState === null ? `is ${status}, not failed` : `failed at state ${failedState}, not ${state}`;
    throw new IllegalTransitionError(
      `Build ${project}:${buildNumber} ${fact}; there is no such failure to retry. See \`bldst build get\`.`,
      { context: { status, failed_state: failedState, ...(state !== undefined && { state }) } },
    );
  }
  addNote(draft, failedState, 'manual_retry', report);
  draft.patchRecord(failedState, { failures: 0 });
  draft.patch({ status: 'running', failedState: null, nextRetryAt: null });
  draft.event('state.retried', {
    state: failedState,
    reason: report.reason,
    reported_by: report.reportedBy,
  });
}

/**
 * Gives a build up. People do that, so no lease is in the way: its holder is fenced out. Giving up what was given
 * up already changes nothing. The draft must have been made with the build's resume requests.
 * @throws BuildClosedError when the build is completed
 */
export function decideCancel(
  draft: BuildDraft,
  { reason, reportedBy }: Pick<ManualReport, 'reason' | 'reportedBy'>,
): void {
  if (draft.build.status === 'cancelled') return;
  checkNotClosed(draft.build);
  abandonOpen(draft, 'cancelled');
  const { lease } = draft;
  if (lease !== null && lease.releasedAt === null) {
    draft.setLease({ ...lease, releasedAt: draft.now });
    draft.event('lease.lost', { holder: lease.holder, token: lease.token, reason: 'cancelled' });
  }
  const { startTime } = draft.build;
  const durationSeconds = startTime === null ? null : secondsBetween(startTime, draft.now);
  draft.patch({ status: 'cancelled', endTime: draft.now, durationSeconds, nextRetryAt: null });
  draft.event('build.cancelled', { reason, reported_by: reportedBy });
  followRequest(draft);
}
