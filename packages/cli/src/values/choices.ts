import type {
  AttemptStatus,
  BuildStatus,
  FailureCategory,
  NotifyMoment,
  OrchestrationStatus,
  ResumeStrategy,
} from '@buildstate/core';

// The names that flags offer. They are written out here because the lists of the core stand beside its schemas,
// which cost start-up time; the types see to it that the two agree.

type Every<T extends string> = readonly [T, ...T[]];

/** Statuses of builds. */
export const buildStatuses = [
  'pending',
  'running',
  'completed',
  'failed',
  'cancelled',
] as const satisfies Every<BuildStatus>;

/** Statuses of attempts. */
export const attemptStatuses = [
  'pending',
  'in_progress',
  'completed',
  'failed',
  'skipped',
  'abandoned',
  'rolled_back',
  'manual_retry',
] as const satisfies Every<AttemptStatus>;

/** What a report may say about how it went. */
export const reportStatuses = [
  'in_progress',
  'started',
  'running',
  'completed',
  'success',
  'succeeded',
  'failed',
  'skipped',
] as const;

/** Categories of failures. */
export const failureCategories = [
  'transient',
  'persistent',
  'unknown',
] as const satisfies Every<FailureCategory>;

/** When a person is told of a failure. */
export const notifyMoments = ['failure', 'exhausted', 'never'] as const satisfies Every<NotifyMoment>;

/** How far a resume request is. */
export const orchestrationStatuses = [
  'pending',
  'triggered',
  'running',
  'completed',
  'failed',
  'cancelled',
] as const satisfies Every<OrchestrationStatus>;

/** How a failed state is resumed. */
export const resumeStrategies = [
  'from_artifact',
  'rerun_state',
  'skip_to_next',
] as const satisfies Every<ResumeStrategy>;

/** Named retry policies. */
export const policyPresets = ['backoff', 'immediate', 'notify', 'standard', 'manual'] as const;

/** What a key may do, each including those before it. */
export const scopes = ['read', 'write', 'admin'] as const;
