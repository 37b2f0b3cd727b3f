import type { Attempt } from '../build/attempt.ts';

const resolutions: Partial<Record<Attempt['status'], string>> = {
  completed: 'A later attempt completed the state.',
  skipped: 'The state was skipped.',
  rolled_back: 'A later attempt completed the state and was rolled back.',
  manual_retry: 'Somebody cleared the failure by hand.',
};

/**
 * A failed attempt as it is listed, with what became of it.
 * @param later attempts and notes of the build that may have resolved it
 */
export function failureView(failed: Attempt, later: readonly Attempt[]) {
  const resolution = later.find(
    ({ state, createdAt, id }) => state === failed.state && createdAt >= failed.createdAt && id !== failed.id,
  );
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
