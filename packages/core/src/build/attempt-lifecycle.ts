import { artifactFingerprint } from '../artifact/fingerprint.ts';
import { LimitError } from '../errors/limit-error.ts';
import type { Attempt } from './attempt.ts';
import type { BuildDraft } from './draft.ts';
import type { StateReport } from './report.ts';
import type { AttemptStatus } from './status.ts';
import { earliest, secondsBetween, type Timestamp } from './timestamp.ts';

/** Most attempts that a build may have. */
export const maxAttempts = 10_000;

/** What an attempt says before anything is known of it. */
const blank = {
  startTime: null,
  startInferred: false,
  endTime: null,
  durationSeconds: null,
  closedBy: null,
  errorMessage: null,
  errorCode: null,
  errorCategory: null,
  component: null,
  errorDetails: null,
  leaseToken: null,
  artifactStorageType: null,
  artifactStoragePath: null,
  artifactSizeBytes: null,
  artifactChecksum: null,
  artifactMetadata: null,
  metadata: {},
} as const satisfies Partial<Attempt>;

const endStatuses = { complete: 'completed', fail: 'failed', skip: 'skipped' } as const;

/** A new attempt of a report's state, not yet in the draft. */
function newAttempt(draft: BuildDraft, report: StateReport, status: AttemptStatus): Attempt {
  const record = draft.record(report.state);
  return {
    ...blank,
    id: draft.context.ids.uuid(),
    buildId: draft.build.id,
    eventId: report.eventId,
    state: report.state,
    attempt: (record?.attempts ?? 0) + 1,
    status,
    message: report.message,
    retryCount: record?.failures ?? 0,
    reportedBy: report.reportedBy,
    jobId: report.jobId,
    leaseToken: report.leaseToken,
    artifactStorageType: report.artifactStorageType,
    artifactStoragePath: report.artifactStoragePath,
    artifactSizeBytes: report.artifactSizeBytes,
    artifactChecksum: report.artifactChecksum,
    artifactMetadata: report.artifactMetadata,
    metadata: report.metadata,
    createdAt: draft.now,
  };
}

/** Counts one more row of the history. @throws LimitError */
function countRow(draft: BuildDraft): void {
  const { project, buildNumber } = draft.build;
  if (draft.counts.attempts >= maxAttempts) {
    throw new LimitError(
      `Build ${project}:${buildNumber} has ${maxAttempts} attempts, the most that a build may have. ` +
        'Start another one with `bldst build create` or `bldst run --new`.',
      { context: { limit: maxAttempts } },
    );
  }
  draft.count({ attempts: draft.counts.attempts + 1 });
}

/** Adds an attempt to the draft and counts it. @throws LimitError */
function addAttempt(draft: BuildDraft, attempt: Attempt): void {
  countRow(draft);
  draft.patchRecord(attempt.state, {
    attempts: attempt.attempt ?? 0,
    lastAttemptId: attempt.id,
    abandoned: false,
  });
  draft.attempts.put(attempt);
}

/** Moves the build forward to a state that was started or completed. */
function advanceTo(draft: BuildDraft, state: number, startTime: Timestamp): void {
  draft.patch({
    status: 'running',
    currentState: Math.max(draft.build.currentState, state),
    failedState: null,
    nextRetryAt: null,
    startTime: draft.build.startTime ?? startTime,
  });
}

/** Opens a new attempt. @throws LimitError */
export function openAttempt(draft: BuildDraft, report: StateReport): Attempt {
  const startTime = report.startTime ?? draft.now;
  const attempt: Attempt = { ...newAttempt(draft, report, 'in_progress'), startTime };
  addAttempt(draft, attempt);
  draft.setOpen(attempt);
  advanceTo(draft, report.state, startTime);
  draft.event('state.started', facts(attempt));
  return attempt;
}

/** What events say of an attempt. */
export function facts(attempt: Attempt): Record<string, string | number | null> {
  return { attempt_id: attempt.id, state: attempt.state, attempt: attempt.attempt };
}

/**
 * When a report's attempt began: said by the report, known from the start, or inferred from the end of what
 * came before. Inferred starts are left out of estimates.
 */
function startOf(draft: BuildDraft, report: StateReport, open: Attempt | null, end: Timestamp) {
  const known = report.startTime ?? open?.startTime;
  if (known) return { startTime: earliest(known, end), startInferred: false };
  if (report.kind === 'skip') return { startTime: end, startInferred: true };
  return { startTime: earliest(draft.lastEndedAt ?? draft.build.createdAt, end), startInferred: true };
}

/** What says which artifact an attempt ends with: the report, else the start that named one. */
function artifactOf(report: StateReport, open: Attempt | null): StateReport | Attempt {
  return report.artifactStoragePath === null && open !== null ? open : report;
}

/**
 * Ends the open attempt of the report's state, or records an attempt that ends now.
 * @param more fields that only this kind of end has
 * @throws LimitError
 */
export function endAttempt(
  draft: BuildDraft,
  report: StateReport & { readonly kind: 'complete' | 'fail' | 'skip' },
  more?: Partial<Attempt>,
): Attempt {
  const open = draft.open?.state === report.state ? draft.open : null;
  const endTime = report.endTime ?? draft.now;
  const status = endStatuses[report.kind];
  const start = startOf(draft, report, open, endTime);
  const artifact = artifactOf(report, open);
  // Field by field: an object that is put together of several others takes V8 many times as long.
  const ended: Attempt = {
    ...(open ?? newAttempt(draft, report, status)),
    status,
    startTime: start.startTime,
    startInferred: start.startInferred,
    endTime,
    durationSeconds: secondsBetween(start.startTime, endTime),
    message: report.message ?? open?.message ?? null,
    artifactStorageType: artifact.artifactStorageType,
    artifactStoragePath: artifact.artifactStoragePath,
    artifactSizeBytes: artifact.artifactSizeBytes,
    artifactChecksum: artifact.artifactChecksum,
    artifactMetadata: artifact.artifactMetadata,
    metadata: { ...open?.metadata, ...report.metadata },
  };
  const attempt = more === undefined ? ended : { ...ended, ...more };
  if (open === null) addAttempt(draft, attempt);
  else draft.attempts.put(attempt);
  if (open !== null) draft.setOpen(null);
  draft.endedAt(endTime);
  return attempt;
}

/** Notes that a state counts as done. */
export function markDone(draft: BuildDraft, attempt: Attempt, outcome: 'completed' | 'skipped'): void {
  draft.patchRecord(attempt.state, {
    outcome,
    failures: 0,
    completedAttemptId: attempt.id,
    artifactFingerprint: artifactFingerprint(attempt),
  });
  advanceTo(draft, attempt.state, attempt.startTime ?? draft.now);
  draft.patch({ lastSuccessfulState: Math.max(draft.build.lastSuccessfulState, attempt.state) });
  draft.event(outcome === 'completed' ? 'state.completed' : 'state.skipped', {
    ...facts(attempt),
    duration_seconds: attempt.durationSeconds,
  });
}

/** Closes an earlier state's open attempt because a later state is reported: scripts often say only what begins. */
export function completeByNextState(draft: BuildDraft, open: Attempt): void {
  const closed: Attempt = {
    ...open,
    status: 'completed',
    endTime: draft.now,
    durationSeconds: secondsBetween(open.startTime ?? draft.now, draft.now),
    closedBy: 'next_state',
  };
  draft.attempts.put(closed);
  draft.setOpen(null);
  draft.endedAt(draft.now);
  markDone(draft, closed, 'completed');
}

/** An open attempt as it is once it is given up. */
export function abandonedAt(open: Attempt, closedBy: string, endTime: Timestamp): Attempt {
  const durationSeconds = secondsBetween(open.startTime ?? endTime, endTime);
  return { ...open, status: 'abandoned', endTime, durationSeconds, closedBy };
}

/**
 * Closes the open attempt because its holder is gone, was replaced, or gave up.
 * @param endTime when that was. @default now
 */
export function abandonOpen(draft: BuildDraft, closedBy: string, endTime: Timestamp = draft.now): void {
  const { open } = draft;
  if (open === null) return;
  const closed = abandonedAt(open, closedBy, endTime);
  draft.attempts.put(closed);
  draft.patchRecord(closed.state, { abandoned: true });
  draft.setOpen(null);
  draft.endedAt(endTime);
  draft.event('state.abandoned', { ...facts(closed), closed_by: closedBy });
}

/** Adds a note to the history: a row without an attempt number. @throws LimitError */
export function addNote(
  draft: BuildDraft,
  state: number,
  status: 'manual_retry',
  note: {
    readonly eventId: string;
    readonly reason: string | null;
    readonly reportedBy: string | null;
    readonly jobId: string | null;
  },
): void {
  const record = draft.record(state);
  const row: Attempt = {
    ...blank,
    id: draft.context.ids.uuid(),
    buildId: draft.build.id,
    eventId: note.eventId,
    state,
    attempt: null,
    status,
    message: note.reason,
    startTime: draft.now,
    endTime: draft.now,
    durationSeconds: 0,
    retryCount: record?.failures ?? 0,
    reportedBy: note.reportedBy,
    jobId: note.jobId,
    createdAt: draft.now,
  };
  countRow(draft);
  draft.patchRecord(state, { lastAttemptId: row.id });
  draft.attempts.put(row);
}
