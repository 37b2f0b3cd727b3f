import type { Attempt } from '../build/attempt.ts';

const resolutions: Partial<Record<Attempt['status'], string>> = {
  completed: 'A later attempt completed the state.',
  skipped: 'The state was skipped.',
  rolled_back: 'A later attempt completed the state and was rolled back.',
  manual_retry: 'Somebody cleared the failure by hand.',
};

/** The statuses of rows that tell what became of failed attempts, and of those themselves. */
export const failureStatuses = ['failed', 'completed', 'skipped', 'rolled_back', 'manual_retry'] as const;

/**
 * A failed attempt as it is listed, with what became of it.
 * @param rows rows of the build's history, oldest first, this one included
 */
export function failureView(failed: Attempt, rows: readonly Attempt[]) {
  const own = rows.findIndex(({ id }) => id === failed.id);
  const resolution = rows
    .slice(own + 1)
    .find(({ state, status }) => state === failed.state && status !== 'failed');
  return {
    id: failed.id,
    buildId: failed.buildId,
    state: failed.state,
    failureType: failed.errorCategory ?? ('unknown' as const),
    errorMessage: failed.errorMessage,
    errorCode: failed.errorCode,
    errorDetails: failed.errorDetails,
    component: failed.component,
    retryAttempt: failed.retryCount + 1,
    resolved: resolution !== undefined,
    resolutionNotes:
      resolution === undefined ? null : (resolution.message ?? resolutions[resolution.status] ?? null),
    createdAt: failed.createdAt,
    resolvedAt: resolution?.endTime ?? null,
  };
}
