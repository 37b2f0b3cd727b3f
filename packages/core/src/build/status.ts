/** How a build is. State says where it is, status says how it went. */
export const buildStatuses = ['pending', 'running', 'completed', 'failed', 'cancelled'] as const;
/** How a build is. */
export type BuildStatus = (typeof buildStatuses)[number];

/**
 * How an attempt went. `abandoned`: its holder vanished or was interrupted. `manual_retry`: a note in the
 * history, without an attempt number.
 */
export const attemptStatuses = [
  'pending',
  'in_progress',
  'completed',
  'failed',
  'skipped',
  'abandoned',
  'rolled_back',
  'manual_retry',
] as const;
/** How an attempt went. */
export type AttemptStatus = (typeof attemptStatuses)[number];

/** The statuses that a report may name: the ones that are a row of the transition table. */
export type ReportedStatus = 'in_progress' | 'completed' | 'failed' | 'skipped';

/** Every spelling that a report may use, and what it means. */
export const reportedStatusSpellings: Readonly<Record<string, ReportedStatus>> = {
  in_progress: 'in_progress',
  started: 'in_progress',
  running: 'in_progress',
  completed: 'completed',
  success: 'completed',
  succeeded: 'completed',
  failed: 'failed',
  skipped: 'skipped',
};
