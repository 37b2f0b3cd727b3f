import { artifactFingerprint } from '../artifact/fingerprint.ts';
import { checkWaiting } from '../branch/check-waiting.ts';
import { IllegalTransitionError } from '../errors/illegal-transition-error.ts';
import { MissingPrerequisitesError } from '../errors/missing-prerequisites-error.ts';
import { StateInProgressError } from '../errors/state-in-progress-error.ts';
import { checkLease, holdsToken } from '../lease/lease-rules.ts';
import { classifyFailure, componentOf } from '../retry/classify.ts';
import { decideRetry, type RetryDecision } from '../retry/decision.ts';
import { policyOf } from '../retry/policy.ts';
import type { Attempt } from './attempt.ts';
import {
  abandonOpen,
  completeByNextState,
  endAttempt,
  facts,
  markDone,
  openAttempt,
} from './attempt-lifecycle.ts';
import { entryOf, lastStateOf, stateName } from './catalogue.ts';
import { checkNotClosed } from './closed.ts';
import { rollBackTo } from './decide-rollback.ts';
import type { BuildDraft } from './draft.ts';
import { followRequest } from './follow-request.ts';
import type { StateReport } from './report.ts';
import type { ResumeTarget } from './snapshot.ts';
import { secondsBetween } from './timestamp.ts';
import { allowingRule } from './transition-table.ts';

/** What a report leads to. */
export type ReportDecision =
  | { readonly attempt: Attempt; readonly retryDecision: RetryDecision | null }
  /** The report says what is known already: an attempt answers it. */
  | { readonly repeats: RepeatedAttempt };

/** The attempt that a report repeats, as the decision saw it: a rollback that comes after is not its business. */
export interface RepeatedAttempt {
  readonly id: string;
  readonly status: 'completed' | 'skipped';
}

/**
 * Decides one report about one state: `record(build, report)` of the domain, the one way in which builds move.
 * @throws BuildClosedError, LeaseLostError, StateInProgressError, IllegalTransitionError,
 * MissingPrerequisitesError, LimitError
 */
export function decideReport(draft: BuildDraft, report: StateReport): ReportDecision {
  // Who was fenced out is told so, also where what it says is known already.
  const repeats = holdsToken(draft, report.leaseToken) ? repeatedAttempt(draft, report) : undefined;
  if (repeats !== undefined) return { repeats };
  checkNotClosed(draft.build);
  checkLease(draft, report.leaseToken);
  checkTable(draft, report);
  checkWaiting(draft, report);
  const resumes = takeResumeTarget(draft, report);
  const begun = draft.open?.state === report.state;
  settleOpenAttempt(draft, { ...report, takeover: report.takeover || resumes });
  // Last, because what a report implies about earlier states counts: the open one is completed by it.
  if (!begun) checkPrerequisites(draft, report.state);
  const decision = apply(draft, report);
  followRequest(draft);
  return decision;
}

/** Whether a state that counts as done is being done again: begun, failed, given up, or asked for anew. */
function isDoneAnew(draft: BuildDraft, state: number): boolean {
  const { build, open, resumeTarget } = draft;
  const givenUp = build.currentState === state && draft.record(state)?.abandoned === true;
  return (
    open?.state === state || build.failedState === state || givenUp || isPendingTarget(resumeTarget, state)
  );
}

/**
 * The attempt that a report repeats: completing a state again with the same artifact, or without naming one,
 * and skipping it again, say nothing new.
 */
function repeatedAttempt(draft: BuildDraft, report: StateReport): RepeatedAttempt | undefined {
  const record = draft.record(report.state);
  if (!record?.outcome || !record.completedAttemptId || isDoneAnew(draft, report.state)) return undefined;
  const fingerprint = artifactFingerprint(report);
  const same =
    (report.kind === 'complete' &&
      record.outcome === 'completed' &&
      (fingerprint === null || fingerprint === record.artifactFingerprint)) ||
    (report.kind === 'skip' && record.outcome === 'skipped');
  return same ? { id: record.completedAttemptId, status: record.outcome } : undefined;
}

/** @throws IllegalTransitionError when no row of the transition table holds */
function checkTable(draft: BuildDraft, report: StateReport): void {
  const { build, open, resumeTarget } = draft;
  const rule = allowingRule(
    report.kind,
    {
      status: build.status,
      currentState: build.currentState,
      failedState: build.failedState,
      openState: open?.state ?? null,
      resumeTarget: resumeTarget !== null && !resumeTarget.started ? resumeTarget.state : null,
    },
    report.state,
  );
  if (rule !== undefined) return;
  const { stateCodes } = draft.project;
  const wanted = `${report.state} (${stateName(stateCodes, report.state)})`;
  const context = {
    kind: report.kind,
    state: report.state,
    current_state: build.currentState,
    status: build.status,
  };
  const subject = `Build ${build.project}:${build.buildNumber}`;
  if (build.status === 'failed') {
    throw new IllegalTransitionError(
      `${subject} failed at state ${build.failedState}; state ${wanted} cannot be reported now. ` +
        `Report state ${build.failedState} again, or use \`bldst build retry\`, \`rollback\` or \`resume\`.`,
      { context: { ...context, failed_state: build.failedState } },
    );
  }
  throw new IllegalTransitionError(
    `${subject} is at state ${build.currentState}; it cannot go back to state ${wanted}. ` +
      'Use `bldst build rollback` to go back.',
    { context },
  );
}

function checkPrerequisites(draft: BuildDraft, state: number): void {
  const { stateCodes } = draft.project;
  const missing = (entryOf(stateCodes, state)?.prerequisites ?? []).filter(
    (code) => !draft.record(code)?.outcome,
  );
  if (missing.length === 0) return;
  const names = missing.map((code) => `${code} (${stateName(stateCodes, code)})`).join(', ');
  throw new MissingPrerequisitesError(
    `State ${state} (${stateName(stateCodes, state)}) needs ${names} to be completed or skipped first.`,
    { context: { state, missing } },
  );
}

function isPendingTarget(target: ResumeTarget | null, state: number): target is ResumeTarget {
  return target !== null && !target.started && target.state === state;
}

/**
 * Uses an accepted resume request when its state is reported, also where the table alone would allow that: skips
 * the failed state, or rolls back to before the target, as the request says. Answers whether there was one.
 */
function takeResumeTarget(draft: BuildDraft, report: StateReport): boolean {
  const target = draft.resumeTarget;
  if (!isPendingTarget(target, report.state)) return false;
  const { failedState, lastSuccessfulState } = draft.build;
  if (target.skipFailed && failedState !== null && failedState < report.state) {
    const skipped = endAttempt(draft, {
      ...withoutContent(report),
      kind: 'skip',
      state: failedState,
      message: 'Skipped by a resume request.',
    });
    markDone(draft, skipped, 'skipped');
  } else if (report.state <= lastSuccessfulState || report.state < draft.build.currentState) {
    const earlier = draft.records.filter(({ state, outcome }) => outcome !== null && state < report.state);
    rollBackTo(draft, earlier.at(-1)?.state ?? 0, {
      reason: `resume request ${target.requestId}`,
      reportedBy: report.reportedBy,
    });
  }
  draft.setResumeTarget({ ...target, started: true });
  return true;
}

/** A report stripped of what belongs to its own attempt. */
function withoutContent(report: StateReport): StateReport {
  return {
    ...report,
    startTime: null,
    endTime: null,
    artifactStorageType: null,
    artifactStoragePath: null,
    artifactSizeBytes: null,
    artifactChecksum: null,
    artifactMetadata: null,
    metadata: {},
  };
}

/** Does what the report means for an attempt that is in progress. */
function settleOpenAttempt(draft: BuildDraft, report: StateReport): void {
  const { open } = draft;
  if (open === null) return;
  if (open.state < report.state) completeByNextState(draft, open);
  else if (open.state === report.state && report.kind === 'start') supersede(draft, open, report);
}

/** Starting a state again: its own reporter or lease replaces the open attempt, others are refused. */
function supersede(draft: BuildDraft, open: Attempt, report: StateReport): void {
  const sameLease = open.leaseToken !== null && open.leaseToken === report.leaseToken;
  const { nameOf = (actor: string) => actor } = draft.context;
  const opener = open.reportedBy === null ? null : nameOf(open.reportedBy);
  const sameReporter = open.leaseToken === null && opener === report.reportedBy;
  if (!sameLease && !sameReporter && !report.takeover) {
    throw new StateInProgressError(
      `${open.reportedBy ?? 'Somebody'} started state ${open.state} of build ${draft.build.project}:` +
        `${draft.build.buildNumber} at ${open.startTime} and has not ended it. ` +
        'If that work is gone, take it over with `--takeover`.',
      { context: { attempt: { ...facts(open), reported_by: open.reportedBy, start_time: open.startTime } } },
    );
  }
  abandonOpen(draft, 'superseded');
}

function apply(draft: BuildDraft, report: StateReport): ReportDecision {
  const { kind } = report;
  if (kind === 'start') return { attempt: openAttempt(draft, report), retryDecision: null };
  if (kind === 'fail') return fail(draft, { ...report, kind });
  const attempt = endAttempt(draft, { ...report, kind });
  markDone(draft, attempt, kind === 'complete' ? 'completed' : 'skipped');
  if (report.state === lastStateOf(draft.build, draft.project.stateCodes)) completeBuild(draft);
  return { attempt, retryDecision: null };
}

function completeBuild(draft: BuildDraft): void {
  const startTime = draft.build.startTime ?? draft.build.createdAt;
  const durationSeconds = secondsBetween(startTime, draft.now);
  draft.patch({ status: 'completed', endTime: draft.now, durationSeconds });
  draft.event('build.completed', { state: draft.build.currentState, duration_seconds: durationSeconds });
}

/** Records a failure. It never moves `current_state`. */
function fail(draft: BuildDraft, report: StateReport & { readonly kind: 'fail' }): ReportDecision {
  const category = classifyFailure(report, draft.project.failurePatterns);
  const attempt = endAttempt(draft, report, {
    errorMessage: report.errorMessage,
    errorCode: report.errorCode,
    errorCategory: category,
    component: report.component ?? componentOf(report.state),
    errorDetails: report.errorDetails,
  });
  const failures = attempt.retryCount + 1;
  draft.patchRecord(report.state, { failures });
  const { now, random } = draft.context;
  const retryDecision = decideRetry(policyOf(draft.project, report.state), {
    failures,
    category,
    now,
    random: random(),
  });
  draft.patch({
    status: 'failed',
    failedState: report.state,
    nextRetryAt: retryDecision.retryAt,
    startTime: draft.build.startTime ?? attempt.startTime,
  });
  const told = { category, component: attempt.component, retry: retryDecision.retry };
  draft.event('state.failed', { ...facts(attempt), ...told, duration_seconds: attempt.durationSeconds });
  draft.event('build.failed', { failed_state: report.state, ...told });
  return { attempt, retryDecision };
}
